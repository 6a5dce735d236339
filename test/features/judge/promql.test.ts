import { describe, expect, test } from 'vitest'
import { sentQuery } from '../../../src/features/judge/read-query-answer.ts'
import { quotedTexts, readPromql } from '../../../src/text/query/promql.ts'

const OTHER_TIME =
  '`offset` and `@` ask for another time than now: what was before the change is measured by eosflow, and `good` names it `before`'

describe('a query is read as far as a judge needs it', () => {
  test.each<readonly [string, readonly string[], number, readonly string[]]>([
    ['up', ['up'], 0, []],
    ['job:up:sum{a="b"}', ['job:up:sum{a="b"}'], 0, []],
    ['{__name__=~"if.*"}', ['{__name__=~"if.*"}'], 0, []],
    ['rate(x[1m30s])', ['x'], 90, []],
    ['rate(x[90])', ['x'], 90, []],
    ['rate(x[500ms])', ['x'], 1, []],
    ['sum by (instance, up) (rate(x{a="1"}[1m]))', ['x{a="1"}'], 60, []],
    ['sum(rate(x[1m])) by (instance)', ['x'], 60, []],
    ['sum without(job) (x) > bool 3', ['x'], 0, []],
    ['x / on(instance) group_left(name) y', ['x', 'y'], 0, []],
    ['x and y or z unless w', ['x', 'y', 'z', 'w'], 0, []],
    ['rate(x[5m]) / rate(x[1m])', ['x'], 300, []],
    ['max_over_time(rate(x[1m])[5m:30s])', ['x'], 360, []],
    ['max_over_time(x[5m:])', ['x'], 300, []],
    ['histogram_quantile(0.99, sum by (le) (rate(x_bucket[1m])))', ['x_bucket'], 60, []],
    ['topk(3, x) # y{', ['x'], 0, []],
    ['label_replace(x, "a", "y(z)", "b", "(.*)")', ['x'], 0, []],
    ['x{a="}", b=\'"\', c=`{`}', ['x{a="}", b=\'"\', c=`{`}'], 0, []],
    ['x * 1e3 + 0x1F - Inf', ['x'], 0, []],
    ['SUM BY (a) (x) AND y', ['x', 'y'], 0, []],
    ['x offset 1h', ['x'], 0, [OTHER_TIME]],
    ['x @ 1600000000', ['x'], 0, [OTHER_TIME]],
    ['x @ end()', ['x'], 0, [OTHER_TIME]],
    ['vector(1)', [], 0, ['it reads no metric']],
    ['1 + 1', [], 0, ['it reads no metric']],
    ['sum(x', ['x'], 0, ['its brackets do not match']],
    ['x) or (y', ['x', 'y'], 0, ['its brackets do not match']],
    ['x{a="b"', [], 0, ['a text, a range or braces in it have no end']],
    ['x{a="b}', [], 0, ['a text, a range or braces in it have no end']],
    ['rate(x[1m)', [], 0, ['a text, a range or braces in it have no end']],
    ['rate(x[1 minute])', ['x'], 0, ['`[1 minute]` is no range such as [1m]']],
  ])('%s', (query, selectors, window, faults) => {
    expect(readPromql(query)).toEqual({ selectors, window, faults })
  })

  test('its texts in quotes, and which of them are regular expressions', () => {
    expect(quotedTexts('x{a=~"b", c!~ \'d\', e="f"} # "g"\n + `h`')).toEqual([
      { from: 5, to: 8, quote: '"', isPattern: true },
      { from: 14, to: 17, quote: "'", isPattern: true },
      { from: 21, to: 24, quote: '"', isPattern: false },
      { from: 35, to: 38, quote: '`', isPattern: false },
    ])
  })

  test('what is sent for it says how old each of its selectors is, and that it is whole', () => {
    expect(sentQuery({ query: 'a / b # c', by: 'instance' })).toBe(
      '(a / b # c\n) or label_replace(min by (instance) (timestamp(a)), "eosflow", "sample 1", "", "") or label_replace(min by (instance) (timestamp(b)), "eosflow", "sample 2", "", "") or label_replace(vector(time()), "eosflow", "now", "", "")',
    )
    expect(sentQuery({ query: 'a' })).toBe(
      '(a\n) or label_replace(min (timestamp(a)), "eosflow", "sample 1", "", "") or label_replace(vector(time()), "eosflow", "now", "", "")',
    )
  })
})
