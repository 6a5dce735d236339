import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import { compile, evaluate } from '../../../../src/text/query/compile.ts'
import { CALLABLE } from '../../../../src/text/query/function-names.ts'
import { asThread } from '../../../hostile/as-thread.ts'
import { linesOf } from '../../../table.ts'

/** Values that are large, or from which large ones are made. */
const VALUES: readonly string[] = linesOf(`
  [1..100000]
  $pad("", 1000000, "ab ")
  [1..20000].{"a": $, "b": [$]}
  $map([1..20000], $string)
  $merge([1..20000].{"k" & $: $})
  $string([1..20000])
`)

const GIVEN = linesOf(`
  $v
  $v, $v
  $v, 99999999
  $v, "a"
  $v, /a|b/
  $v, /(a|b)*c/, $v
  $v, $f
  $v, $v, $v
  1, 99999999, 1
`)

/** Expressions that call each function with large values, once, and again and again with what came of it kept. */
export function hostileExpressions() {
  return CALLABLE.flatMap((name) =>
    VALUES.flatMap((value) =>
      GIVEN.flatMap((given) => {
        const begin = `($v := ${value}; $f := function($x) { [$x, $v] };`
        return [`${begin} $${name}(${given}))`, `${begin} $map([1..100000], function($i) { $${name}(${given}) }))`]
      }),
    ),
  )
}

await asThread(async (text) => {
  const compiled = await compile(text)
  if (!compiled.ok) return
  await evaluate(compiled.compiled, { root: null, moment: { now: 0, random: new SeededRandom(1) } })
})
