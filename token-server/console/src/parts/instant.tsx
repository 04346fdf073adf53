import { useContext } from 'preact/hooks';
import { LanguageContext } from '../text/language.js';
import { instant } from '../text/times.js';

/** A moment in the viewer's zone; the instant itself on hover. */
export function Instant({ at, nowMs }: { at: string; nowMs: number }) {
  const language = useContext(LanguageContext);
  return (
    <time dateTime={at} title={at}>
      {instant(at, language, nowMs)}
    </time>
  );
}
