export interface HealOnceSteps<Answer> {
  /** Makes the call with this token. Called once or twice. */
  send(accessToken: string): Promise<Answer>;
  /** The errcode by which an answer says that its token is dead; undefined for every other answer. */
  deadTokenErrcode(answer: Answer): number | undefined;
  /**
   * Reports the dead token.
   * @returns the token to repeat the call with; undefined when there is none, and the answer stands
   */
  report(accessToken: string, errcode: number): Promise<string | undefined>;
  /**
   * Called after a report that brought a token, before the call is repeated. `false`: the request cannot be sent twice
   * (its body is used up), so the answer stands. May throw an error that says so.
   * @defaultValue every call can be repeated
   */
  canRepeat?(answer: Answer): boolean | Promise<boolean>;
}

/**
 * The one healing of a dead token: send; if the answer says that the token is dead, report it once, and repeat the call
 * once with the token that the report brings. Never a loop: the second answer stands, whatever it says.
 */
export async function healOnce<Answer>(accessToken: string, steps: HealOnceSteps<Answer>): Promise<Answer> {
  const answer = await steps.send(accessToken);
  const errcode = steps.deadTokenErrcode(answer);
  if (errcode === undefined) return answer;
  const fresh = await steps.report(accessToken, errcode);
  if (fresh === undefined || !((await steps.canRepeat?.(answer)) ?? true)) return answer;
  return steps.send(fresh);
}
