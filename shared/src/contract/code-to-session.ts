import { z } from 'zod';

/** The body of `POST /v1/apps/{appId}/code2session`. */
export const codeToSessionRequest = z.strictObject({
  /** What `wx.login` gave to the mini program; lives five minutes and works once. */
  jsCode: z.string().min(1).max(512),
});

/** Its answer. The session key belongs to the user's session and must not reach the mini program. */
export const codeToSessionAnswer = z.object({
  appId: z.string(),
  openid: z.string(),
  sessionKey: z.string(),
  /** Only where the app belongs to an account of WeChat's open platform. */
  unionid: z.string().optional(),
});
export type CodeToSessionAnswer = z.infer<typeof codeToSessionAnswer>;
