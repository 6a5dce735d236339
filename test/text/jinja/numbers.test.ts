import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/index.ts'
import { linesOf } from '../../table.ts'

/** Recorded from Jinja2 3.1 and Ansible 2.14.18 on Python 3.11. */
describe('a number is read and written as Python does', () => {
  test.each([
    [
      "{{ '٣٤'|int }} {{ '３'|int }} {{ '٣.٥'|float }} {{ '1٣'|int }} {{ '-٣'|int }} {{ '+٣_٤'|int }}",
      '34 3 3.5 13 -3 34',
    ],
    [
      "{{ '٣f'|int(base=16) }} {{ '0x٣'|int(base=16) }} {{ '٧'|int(base=8) }} {{ '٩'|int(7, 8) }} {{ '０x1f'|int(-1, 16) }}",
      '63 3 7 9 31',
    ],
    [
      "{{ '²'|int(-1) }} {{ '½'|float(-1) }} {{ '𝟛.𝟛'|float }} {{ '1e٣'|float }} {{ '١٢٣٤٥٦٧٨٩٠'|int }} {{ '٣_٤.٥_٥'|float }}",
      '-1 -1 3.3 1000.0 1234567890 34.55',
    ],
    [
      "{{ 'ⅷ'|int(-1) }} {{ '一'|int(-1) }} {{ '߁'|int(-1) }} {{ '−5'|int(-1) }} {{ '＋5'|int(-1) }} {{ '٫5'|float(-1) }}",
      '-1 -1 1 -1 -1 -1',
    ],
    [
      "{{ '\\u00a05\\u2003'|int }} {{ '\\x1c5'|int(-1) }} {{ '\\u200b5'|int(-1) }} {{ '\\ufeff5'|int(-1) }} {{ '\\x855'|int(-1) }} {{ '٣\\x1c'|int }}",
      '5 -1 -1 -1 5 0',
    ],
    ["{{ (n ** 6151)|string|length }} {{ n ** 6152 > 5 }} {{ ('%x' % n ** 6152)|length }}", '4300 True 3572'],
  ])('%s', (template, text) => {
    expect(renderTemplate(template, { n: 5 })).toEqual({ ok: true, text })
  })

  test.each(
    linesOf(`
    {{ n ** 6152 }}
    {{ -(n ** 6152) }}
    {{ [n ** 6152] }}
    {{ (n ** 6152) ~ '' }}
    {{ '%d' % (n ** 6152) }}
    {{ '{:,}'.format(n ** 6152) }}
    {{ (n ** 6152)|to_json }}
    {{ (n ** 6152) is lower }}
    {{ [n ** 6152]|tojson }}
    {{ {n ** 6152: 1}|to_nice_json }}
    {{ range(n ** 6152, 5)|string }}
    {{ ('[' ~ '1' * 4301 ~ ']')|from_json }}
  `),
  )('refuses %s, as Python does', (template) => {
    expect(renderTemplate(template, { n: 5 }).ok).toBe(false)
  })
})

test.each([
  "{{ '٣'|ipaddr }}",
  "{{ ['٣']|ipaddr }}",
  "{{ '10.0.0.0/24'|ipaddr('٣') }}",
  "{{ '10.0.0.0/24'|ipsubnet('٢٦', '1') }}",
])('%s is refused: the digits of other scripts are not read in an address', (template) => {
  expect(renderTemplate(template, {})).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining('digits beyond 0 to 9 are not read in an address') }],
  })
})
