import { useState } from 'preact/hooks';
import { text, useText } from '../text/language.js';

/** A text to copy, with a button. */
export function CopyText({ value, label }: { value: string; label: string }) {
  const t = useText();
  const [isCopied, setIsCopied] = useState(false);
  async function copy(event: MouseEvent): Promise<void> {
    const block = (event.currentTarget as HTMLElement).previousElementSibling;
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // Over plain HTTP browsers give no clipboard: the text is marked, to be copied by hand.
      if (block !== null) getSelection()?.selectAllChildren(block);
      if (!document.execCommand('copy')) return;
    }
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 2_000);
  }
  return (
    <div class="copy">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by the keyboard. */}
      <section tabIndex={0} aria-label={label}>
        <pre>{value}</pre>
      </section>
      <button type="button" onClick={copy}>
        {isCopied ? t(text('Copied', '已复制')) : t(text('Copy', '复制'))}
      </button>
    </div>
  );
}
