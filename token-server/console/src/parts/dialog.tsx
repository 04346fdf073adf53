import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { text, useText } from '../text/language.js';

interface Props {
  readonly title: string;
  readonly confirm: string;
  readonly isDangerous?: boolean;
  readonly children: ComponentChildren;
  /** What is done; its failure is shown in the dialog. */
  readonly run: () => Promise<unknown>;
  readonly close: () => void;
}

/** Asks before something is done, and shows what came of it when it failed. */
export function Dialog({ title, confirm, isDangerous = false, children, run, close }: Props) {
  const t = useText();
  const box = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => box.current?.showModal(), []);
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setIsBusy(true);
    setError(undefined);
    try {
      await run();
      close();
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
      setIsBusy(false);
    }
  }
  return (
    <dialog ref={box} onClose={close} aria-labelledby="dialog-title">
      <form onSubmit={submit}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        {error !== undefined && (
          <p class="notice is-bad" role="alert">
            {error}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={close}>
            {t(text('Cancel', '取消'))}
          </button>
          <button type="submit" class={isDangerous ? 'is-dangerous' : 'is-main'} disabled={isBusy}>
            {isBusy ? t(text('Working …', '处理中…')) : confirm}
          </button>
        </div>
      </form>
    </dialog>
  );
}
