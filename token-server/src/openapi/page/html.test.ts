import { describe, expect, it } from '@jest/globals';
import { Html, html, prose } from './html.js';

describe('HTML', () => {
  it('escapes every piece that is not HTML itself', () => {
    expect(html`<a href="${'"\'<&>'}">${1}${html`<b>`}${[html`<i>`, html`${'<'}`]}</a>`.text).toBe(
      '<a href="&quot;&#39;&lt;&amp;&gt;">1<b><i>&lt;</a>',
    );
    expect(new Html('<x>').text).toBe('<x>');
  });

  it('marks code between back-ticks in a sentence', () => {
    expect(prose('use `<a>` & go').text).toBe('use <code>&lt;a&gt;</code> &amp; go');
  });
});
