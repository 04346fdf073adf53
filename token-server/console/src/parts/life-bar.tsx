import type { App } from '../api/types.js';
import { text, useText } from '../text/language.js';

/** A replaced token lives on for so long; see WeChat's documentation of the access token. */
const OVERLAP_SECONDS = 300;
/** A token that lives shorter than usual has a shorter overlap too. */
const OVERLAP_SHARE = 300 / 7_200;

/** The life of the current token as a bar that runs down. @param nowMs by the viewer's clock @param readAtMs when the app was read */
export function LifeBar({ app, nowMs, readAtMs }: { app: App; nowMs: number; readAtMs: number }) {
  const t = useText();
  const { ageSeconds, expiresAt, nextRefreshAt, phase } = app;
  if (ageSeconds === null || expiresAt === null) return <div class="life is-empty" aria-hidden="true" />;
  const age = ageSeconds + Math.max(0, nowMs - readAtMs) / 1000;
  const left = (Date.parse(expiresAt) - readAtMs) / 1000;
  const whole = ageSeconds + left;
  const percent = (seconds: number) => `${Math.min(100, Math.max(0, (seconds / whole) * 100))}%`;
  const refresh = nextRefreshAt === null ? whole : ageSeconds + (Date.parse(nextRefreshAt) - readAtMs) / 1000;
  const isOver = phase === 'dead' || phase === 'expired' || age >= whole;
  const label = t(
    text(
      `token life: ${Math.round((age / whole) * 100)} % used`,
      `token 已用 ${Math.round((age / whole) * 100)}%`,
    ),
  );
  return (
    <div class={isOver ? 'life is-over' : 'life'} role="img" aria-label={label} title={label}>
      <i class="overlap" style={{ width: percent(Math.min(OVERLAP_SECONDS, whole * OVERLAP_SHARE)) }} />
      <i class="window" style={{ left: percent(refresh), right: '0' }} />
      <i class="used" style={{ width: percent(age) }} />
    </div>
  );
}
