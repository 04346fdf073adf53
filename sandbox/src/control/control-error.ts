type ControlErrorStatus = 400 | 404 | 405 | 409;

/** What is wrong with a call of the control interface. Nothing has been changed. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: ControlErrorStatus;

  /** @param status what it is answered with over HTTP: 400 bad input, 404 no such thing, 409 refused by the platform */
  constructor(status: ControlErrorStatus, message: string) {
    super(message);
    this.status = status;
  }
}
