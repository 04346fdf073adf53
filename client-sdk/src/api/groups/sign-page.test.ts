import { describe, expect, it } from '@jest/globals';
import { signPage } from './sign-page.js';

/** The example of WeChat's own page. */
const EXAMPLE = {
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  nonceStr: 'Wm3WZYTPz0wzccnW',
  timestamp: 1414587457,
};

describe('the signature of a page', () => {
  it.each([
    ['http://mp.weixin.qq.com?params=value', '0f9de62fce790f9a083d5c99e95740ceb90c27ed'],
    ['http://mp.weixin.qq.com', 'f4d90daf4b3bca3078ab155816175ba34c443a7b'],
    ['http://mp.weixin.qq.com#a#b', 'f4d90daf4b3bca3078ab155816175ba34c443a7b'],
  ])("is WeChat's for %s", (url, signature) => {
    expect(signPage({ ...EXAMPLE, url })).toBe(signature);
  });
});
