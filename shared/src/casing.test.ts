import { describe, expect, it } from '@jest/globals';
import { renameKeys, toCamelCase, toSnakeCase } from './casing.js';

describe('names', () => {
  it.each([
    ['thumbMediaId', 'thumb_media_id'],
    ['openID', 'open_id'],
    ['URLScheme', 'url_scheme'],
    ['already_snake', 'already_snake'],
    ['touser', 'touser'],
  ])('become snake_case: %s → %s', (camel, snake) => {
    expect(toSnakeCase(camel)).toBe(snake);
  });

  it.each([
    ['thumb_media_id', 'thumbMediaId'],
    ['_private', '_private'],
    ['crop_left', 'cropLeft'],
    ['openid', 'openid'],
  ])('become camelCase: %s → %s', (snake, camel) => {
    expect(toCamelCase(snake)).toBe(camel);
  });

  it('are changed at every depth, in a copy', () => {
    const given = { outerKey: { innerKey: [{ deepKey: 1 }] }, when: new Date(0) };
    const before = structuredClone(given);
    const renamed = renameKeys(given, toSnakeCase, new Set());
    expect(renamed).toEqual({ outer_key: { inner_key: [{ deep_key: 1 }] }, when: given.when });
    expect(given).toEqual(before);
  });

  it('are left alone below the keys that users own', () => {
    const message = { templateId: 't', data: { thing1: { value: 'x' }, myField: { value: 'y' } } };
    expect(renameKeys(message, toSnakeCase, new Set(['data']))).toEqual({
      template_id: 't',
      data: { thing1: { value: 'x' }, myField: { value: 'y' } },
    });
  });
});
