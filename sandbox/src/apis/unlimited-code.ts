import type { App } from '../platform/app.js';
import { isRecord, jsonBody, textField } from '../platform/json-body.js';
import { WechatFault } from '../platform/wechat-fault.js';
import type { Api } from './api.js';
import { checkEnvVersion, checkWidth, requireMiniProgram } from './code-checks.js';
import { codeImage } from './code-image.js';

/** The visible characters that a scene may have. */
const sceneForm = /^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]+$/;
const SCENE_MAX = 32;

/** This API takes no `"430"` for `430` and no `1` for `true`. */
const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  scene: (value) => typeof value === 'string',
  page: (value) => typeof value === 'string',
  env_version: (value) => typeof value === 'string',
  check_path: (value) => typeof value === 'boolean',
  auto_color: (value) => typeof value === 'boolean',
  is_hyaline: (value) => typeof value === 'boolean',
  width: (value) => typeof value === 'number',
  line_color: isRecord,
  // Belongs into the query; in the body it is one field too many.
  access_token: () => false,
};

/**
 * Ordered checks: account (45063), JSON (40169), types (47001), scene (40169, 40129), page (41030), version (40097),
 * width (40189), pages without check (45029), minute (45009).
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getUnlimitedQRCode.html
 */
export const getUnlimitedCode: Api = {
  path: '/wxa/getwxacodeunlimit',
  methods: ['POST'],
  auth: 'access_token',
  answer({ app, platform: { limits }, request, nowMs }) {
    requireMiniProgram(app);
    const body = jsonBody(request, 40169);
    for (const [name, value] of Object.entries(body)) {
      if (Object.hasOwn(types, name) && !types[name]?.(value)) throw new WechatFault(47001);
    }
    const scene = textField(body, 'scene');
    if (scene === '' || scene.length > SCENE_MAX) throw new WechatFault(40169);
    if (!sceneForm.test(scene)) throw new WechatFault(40129);
    checkPage(app, textField(body, 'page'), body.check_path !== false);
    checkEnvVersion(body.env_version);
    checkWidth(body.width);
    if (body.check_path === false) countUnchecked(app, textField(body, 'page'), limits.uncheckedPages);
    if (!app.usage.take('getwxacodeunlimit', 'minute', limits.unlimitedCodesPerMinute, nowMs)) {
      throw new WechatFault(45009);
    }
    return codeImage(body.is_hyaline === true);
  },
};

/** A page has no slash in front and no query; unless check_path is off it must be in the published version. */
function checkPage({ config }: App, page: string, isChecked: boolean): void {
  if (page === '') return;
  const isPublished = config.pages === null || config.pages.includes(page);
  if (page.startsWith('/') || page.includes('?') || (isChecked && !isPublished)) throw new WechatFault(41030);
}

function countUnchecked(app: App, page: string, max: number): void {
  if (app.uncheckedPages.size >= max && !app.uncheckedPages.has(page)) throw new WechatFault(45029);
  app.uncheckedPages.add(page);
}
