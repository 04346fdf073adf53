import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Sealer } from '@zhongkong/jobs';
import { z } from 'zod';
import type { ClientSettings } from '../config/config.js';
import type { SharedMemory } from '../drop-in/shared-memory.js';

const SESSION_COOKIE = 'zhongkong_console';
/** Sent by the console with each request. A page of another origin cannot send it without being asked for permission. */
export const CONSOLE_HEADER = 'x-zhongkong-console';
/** A session ends when nobody has used it for so long, and after a working day in any case. */
const IDLE_MS = 3_600_000;
const WHOLE_MS = 12 * 3_600_000;
/** The cookie is renewed no more often than this. */
const RENEW_AFTER_MS = 60_000;

const CONTEXT = 'console/session';

/** Whether the console's own page has sent a request. Browsers name another site as far as they know it, and programs say nothing. */
export function isOfConsole(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  return headers[CONSOLE_HEADER] !== undefined && site === 'same-origin';
}

const sessionSchema = z.object({
  id: z.string(),
  keySha256: z.string(),
  startedAtMs: z.number(),
  seenAtMs: z.number(),
});
type Session = z.infer<typeof sessionSchema>;

export interface SessionDeps {
  /** All servers with the same master key open each other's sessions. */
  readonly sealer: Sealer;
  readonly findByHash: (keySha256: string) => ClientSettings | undefined;
  /** Which sessions were ended before their time. */
  readonly memory: SharedMemory;
  readonly nowMs: () => number;
}

/** A request of somebody who has signed in. */
interface SignedIn {
  /** May do what its key may as an operator, and never sees a token. */
  readonly client: ClientSettings;
  /** A cookie to send, if the last one is old. */
  readonly renewed: string | undefined;
}

/**
 * Who is signed in at the console. A session is a sealed cookie, so that any server takes it, and lives no longer than the
 * right of its key.
 */
export interface ConsoleSessions {
  /** The value of the cookie of a new session. */
  open(client: ClientSettings): string;
  /** @param cookies the header `Cookie` @returns undefined: nobody is signed in, or not any more */
  find(cookies: string | undefined): Promise<SignedIn | undefined>;
  /** From now on no server takes this session. */
  close(cookies: string | undefined): void;
}

export function createConsoleSessions({ sealer, findByHash, memory, nowMs }: SessionDeps): ConsoleSessions {
  const seal = (session: Session) => sealer.seal(JSON.stringify(session), CONTEXT);
  const endedKey = (id: string) => `console-ended:${id}`;

  function read(cookies: string | undefined): Session | undefined {
    const value = cookieOf(cookies);
    if (value === undefined) return undefined;
    try {
      return sessionSchema.parse(JSON.parse(sealer.unseal(value, CONTEXT)));
    } catch {
      return undefined;
    }
  }

  return {
    open({ keySha256 }) {
      const now = nowMs();
      return seal({ id: randomBytes(12).toString('hex'), keySha256, startedAtMs: now, seenAtMs: now });
    },
    async find(cookies) {
      const session = read(cookies);
      const now = nowMs();
      if (session === undefined || isOver(session, now)) return undefined;
      const client = findByHash(session.keySha256);
      if (!client?.scopes.includes('admin')) return undefined;
      if ((await memory.get(endedKey(session.id))) !== null) return undefined;
      const isOld = now - session.seenAtMs > RENEW_AFTER_MS;
      return {
        client: { ...client, scopes: ['admin'], consoleOf: client },
        renewed: isOld ? seal({ ...session, seenAtMs: now }) : undefined,
      };
    },
    close(cookies) {
      const session = read(cookies);
      if (session !== undefined) memory.set(endedKey(session.id), '1', WHOLE_MS);
    },
  };
}

function isOver({ startedAtMs, seenAtMs }: Session, nowMs: number): boolean {
  return nowMs - seenAtMs > IDLE_MS || nowMs - startedAtMs > WHOLE_MS;
}

function cookieOf(cookies = ''): string | undefined {
  const pair = cookies.split(/; */).find((one) => one.startsWith(`${SESSION_COOKIE}=`));
  return pair?.slice(SESSION_COOKIE.length + 1);
}

/** The header `Set-Cookie`. @param value undefined: the cookie is removed */
export function sessionCookie(value: string | undefined, isSecure: boolean): string {
  const age = value === undefined ? 0 : IDLE_MS / 1000;
  const secure = isSecure ? '; Secure' : '';
  return `${SESSION_COOKIE}=${value ?? ''}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
}
