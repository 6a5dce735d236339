// @module-tag long
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DiffLine, Plan, PlanWarning } from '../../src/change/plan/plan.ts'
import { planMarkdownWithin, SMALLEST_PLAN } from '../../src/report/plan/markdown.ts'
import { planAs } from '../../src/report/plan/text.ts'
import { planOf } from '../change/plan/material.ts'

const FULL = 'network.plan'

/** A plan with these changes, warnings and waves; its digest is of another one, which nothing here judges. */
function planWith(
  changes: readonly (readonly DiffLine[])[],
  warnings: readonly PlanWarning[],
  { perWave = 8, name = 'add-vlan' } = {},
): Plan {
  const made = planOf()
  const [first] = made.content.devices
  if (first === undefined) throw new Error('no switch')
  const devices = changes.map((diff, n) => ({ ...first, name: `dc1-leaf${n + 1}`, diff }))
  const changed = devices.filter(({ diff }) => diff.length > 0).map((one) => one.name)
  const waves = Array.from({ length: Math.ceil(changed.length / perWave) }, (_, n) =>
    changed.slice(n * perWave, (n + 1) * perWave),
  )
  const workflow = { ...made.content.workflow, name }
  return { ...made, content: { ...made.content, workflow, devices, waves, warnings } }
}

const plus = (text: string): DiffLine => ({ sign: '+', text })

/** A whole configuration of a leaf, different on each in words that are no values: each is a group of its own. */
const configuration = (n: number): readonly DiffLine[] =>
  Array.from({ length: 150 }, (_, line) =>
    plus(
      `   neighbor ${'abcdefghij'.charAt(n % 10)}${'klmnopqrst'.charAt(Math.floor(n / 10) % 10)}${n >= 100 ? 'x' : ''}-peer description ${line}`,
    ),
  )

const warnedOn = (count: number): readonly PlanWarning[] =>
  Array.from({ length: count }, (_, n) => ({
    code: 'not-saved' as const,
    device: `dc1-leaf${n + 1}`,
    message: 'running-config was not saved before the change',
  }))

/** Whether each fence and each fold of a text is ended. */
function requireWhole(text: string) {
  let open = false
  let folds = 0
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) {
      expect(line === '```' || !open).toBe(true)
      open = !open
    } else if (!open) {
      folds += Number(line.startsWith('<details')) - Number(line.startsWith('</details>'))
      expect([0, 1]).toContain(folds)
    }
  }
  expect({ open, folds }).toEqual({ open: false, folds: 0 })
}

const bytesOf = (text: string) => Buffer.byteLength(`${text}\n`)

describe('a plan in 60,000 bytes', () => {
  test.each([
    [1, true, /^/],
    [16, false, /\n\d+ of 16 groups shown; full plan: network\.plan$/],
    [64, false, /\n\d+ of 64 groups shown; full plan: network\.plan$/],
    [200, false, /\n\d+ of 200 groups shown; full plan: network\.plan$/],
  ])('of %i switches, each with a configuration of its own', { tags: 'turn' }, (count, isWhole, ending) => {
    const plan = planWith(
      Array.from({ length: count }, (_, n) => configuration(n)),
      warnedOn(count),
    )
    const text = planMarkdownWithin(plan, { bytes: 60_000, full: FULL })
    expect(bytesOf(text)).toBeLessThanOrEqual(60_000)
    expect(text).toContain(` to change, 0 unchanged · +${150 * count} -0 lines · ${plan.digest}`)
    expect(text).toContain(`waves dc1-leaf1`)
    for (const name of plan.content.waves.flat()) expect(text).toMatch(new RegExp(`waves .*\\b${name}\\b`))
    expect(text.match(/running-config was not saved before the change/g)).toHaveLength(1)
    if (count > 1) expect(text).toContain(`running-config was not saved before the change (${count} switches)`)
    expect(text).toMatch(ending)
    expect(planAs.markdown(plan) === text).toBe(isWhole)
    requireWhole(text)
  })

  test('is the whole plan, without a word, where that fits', () => {
    const plan = planOf()
    expect(planMarkdownWithin(plan, { bytes: 60_000, full: FULL })).toBe(planAs.markdown(plan))
  })

  test('the largest group is folded first, and the others stay', () => {
    const small = [plus('vlan 5')]
    const changes = [small, configuration(1), [...configuration(2), ...configuration(3)]]
    const plan = planWith(changes, [])
    const all = bytesOf(planAs.markdown(plan))
    const text = planMarkdownWithin(plan, { bytes: all - 1, full: FULL })
    expect(text).toContain('**1 switch** (+300 -0), not shown here')
    expect(text).toContain('```diff\n+ vlan 5\n```')
    expect(text).toContain('+    neighbor bk-peer')
    expect(text).toMatch(/\n2 of 3 groups shown; full plan: network\.plan$/)
  })

  test('warnings that alone are longer are kinds and counts, and the text says so', () => {
    const warnings = Array.from({ length: 300 }, (_, n) => ({
      code: n % 3 === 0 ? ('unknown-line' as const) : ('doubtful-line' as const),
      device: `dc1-leaf${n}`,
      message: `the line ${n} is not known ${'x'.repeat(400)}`,
    }))
    const plan = planWith([[plus('vlan 5')]], warnings)
    const text = planMarkdownWithin(plan, { bytes: 60_000, full: FULL })
    expect(text).toContain(
      '300 warnings, too long to be shown here, by kind:\n\n- ⚠ unknown-line: 100\n- ⚠ doubtful-line: 200\n',
    )
    expect(text).toContain(plan.digest)
    expect(text).toContain('left out: ')
    expect(bytesOf(text)).toBeLessThanOrEqual(60_000)
  })

  test('five thousand groups are one sum and those that fit', { tags: 'turn' }, () => {
    const plan = planWith(
      Array.from({ length: 5_000 }, (_, n) => [
        plus(`vrf instance ${[...String(n)].map((d) => 'abcdefghij'[Number(d)]).join('')}`),
      ]),
      [],
      { perWave: 500 },
    )
    const text = planMarkdownWithin(plan, { bytes: 120_000, full: FULL })
    expect(bytesOf(text)).toBeLessThanOrEqual(120_000)
    const shown = Number(/\n(\d+) of 5000 groups shown/.exec(text)?.[1])
    expect(shown).toBeGreaterThan(100)
    expect(text).toContain(
      `**${5_000 - shown} groups of changes on ${5_000 - shown} switches** (+${5_000 - shown} -0), not shown here`,
    )
  })
})

const word = fc.constantFrom('vlan 5', '```', '`x', '~~~', '</details>', '\u202e', 'ä€𝄞', '   name X', '|', '<b>')
const diff = fc.array(
  fc
    .tuple(fc.constantFrom<DiffLine['sign']>('+', '-', ' '), fc.array(word, { maxLength: 30, size: 'max' }))
    .map(([sign, words]) => ({
      sign,
      text: words.join(' '),
    })),
  { maxLength: 40, size: 'max' },
)
const warning = fc.record({
  code: fc.constantFrom<PlanWarning['code']>('not-saved', 'unknown-line', 'boot-line'),
  device: fc.constantFrom('leaf1', 'leaf2', 'l'.repeat(64)),
  message: fc.array(word, { maxLength: 60, size: 'max' }).map((words) => words.join(' ')),
})

describe('a plan in any room', () => {
  test('is never longer, has its digest and its numbers, and no open fence', { tags: 'turn' }, () => {
    let folded = 0
    let kinds = 0
    fc.assert(
      fc.property(
        fc.array(diff, { minLength: 1, maxLength: 40, size: 'max' }),
        fc.array(warning, { maxLength: 60, size: 'max' }),
        fc.integer({ min: SMALLEST_PLAN, max: 40_000 }),
        fc.array(word, { maxLength: 400, size: 'max' }),
        (changes, warnings, bytes, name) => {
          const plan = planWith(changes, warnings, { perWave: 3, name: name.join('') })
          const full = name.join(' ')
          const text = planMarkdownWithin(plan, { bytes, full })
          expect(bytesOf(text)).toBeLessThanOrEqual(bytes)
          expect(text).toContain(plan.digest)
          expect(text).toMatch(/Plan: \d+ switch(?:es)? to change, \d+ unchanged/)
          requireWhole(text)
          if (plan.content.waves.length > 0) expect(text).toMatch(/Commit timer 10m, (?:waves |\d+ waves? of )/)
          const isKinds = text.includes('too long to be shown here, by kind:')
          kinds += Number(isKinds)
          folded += Number(text.includes(' shown'))
          for (const { code } of isKinds ? warnings : []) expect(text).toContain(`- ⚠ ${code}: `)
          const lines = text.split('\n').filter((line) => line.startsWith('- ⚠ '))
          if (!isKinds) expect(lines).toHaveLength(new Set(warnings.map(({ message }) => message)).size)
        },
      ),
      { seed: 41, numRuns: 40 },
    )
    expect(folded).toBeGreaterThan(20)
    expect(kinds).toBeGreaterThan(2)
  })
})
