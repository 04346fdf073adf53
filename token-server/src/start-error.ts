import { CodedError } from '@zhongkong/shared';

/** The server cannot start; the message is one sentence that says what to do. */
export class StartError extends CodedError {
  override readonly name = 'StartError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, code: 'cannot_start' });
  }
}
