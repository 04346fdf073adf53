import { HttpProblem } from './problem.js';

export function unknownApp(appId: string): HttpProblem {
  const detail = { en: `The app ${appId} is not configured here.`, zh: `这里没有配置应用 ${appId}。` };
  return new HttpProblem(detail, { code: 'unknown_app' });
}
