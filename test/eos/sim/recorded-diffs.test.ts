import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { recordings } from '../../recordings.ts'
import { simulate } from './simulate.ts'

const corpus = recordings('eos-corpus/')
const there = existsSync(corpus)

const recorded = (path: string) => readFileSync(new URL(path, corpus), 'utf8').replaceAll('\r', '')
const fromHunks = (diff: string) => diff.slice(diff.indexOf('@@')).replace(/\n+$/, '')
const session = '__SCRAPLI_CFG_SESSION_NAME__'

function dialogue(name: string) {
  const file = `ssh-transcripts/scrapli_cfg__test_${name}.json`
  const { interactions } = JSON.parse(recorded(file)) as { interactions: { in: string; out: string }[] }
  const printed = interactions.find(({ out }) => out.includes('! Command: show running-config'))?.out ?? ''
  const running = printed.slice(printed.indexOf('! Command'), printed.lastIndexOf('\nend\n') + 5)
  const lines = interactions.map((one) => one.in).filter((line) => line !== '\n')
  const opened = lines.findIndex((line) => line.startsWith('configure session'))
  return { running, typed: withBanner(lines.slice(opened + 1, lines.indexOf('show session-config diffs'))) }
}

/** eAPI takes a banner as `input`, where a terminal types it line by line up to `EOF`. */
function withBanner(lines: readonly string[]) {
  const at = lines.indexOf('banner login')
  if (at === -1) return [...lines]
  const end = lines.indexOf('EOF', at)
  const banner = { cmd: 'banner login', input: lines.slice(at + 1, end).join('\n') }
  return [...lines.slice(0, at), banner, ...lines.slice(end + 1)]
}

describe.skipIf(!there)('the recorded diffs, printed by the simulator on a 4.22 profile (needs ../shared)', () => {
  test.each([
    ['load_config_merge_diff_and_abort_arista_eos-asyncssh', 2],
    ['load_config_merge_diff_and_abort_arista_eos-system', 2],
    ['load_config_replace_diff_and_commit_arista_eos-system', 270],
  ])('scrapli %s', async (name, lines) => {
    const { running, typed } = dialogue(name)
    expect(typed.length).toBeGreaterThanOrEqual(lines)
    const { text } = simulate(running, { eos: '4.22.1F', managementOutside: true })
    expect(await text('show running-config')).toBe(running)
    const diff = await text(`configure session ${session}`, ...typed, 'show session-config diffs')
    expect(fromHunks(diff)).toBe(fromHunks(recorded(`diff-pairs/scrapli_test_${name}_0.diff`)))
    expect(diff.split('\n').slice(0, 2)).toEqual([
      '--- system:/running-config',
      `+++ session:/${session}-session-config`,
    ])
  })

  test('a replace by what is there already prints nothing at all', async () => {
    const { running, typed } = dialogue('load_config_merge_diff_and_commit_arista_eos-asyncssh')
    expect(typed.length).toBeGreaterThan(270)
    const { text } = simulate(running, { eos: '4.22.1F', managementOutside: true })
    expect(await text(`configure session ${session}`, ...typed, 'show session-config diffs')).toBe('')
  })

  // napalm's files hold blank lines where the switch prints `!`, and no header.
  const header =
    '! Command: show running-config\n! device: localhost (vEOS, EOS-4.22.1F)\n!\n! boot system flash:/vEOS-lab.swi\n!\n'
  const initial = () => `${header}${recorded('diff-pairs/napalm/initial.conf').trimEnd().replace(/\n\n+/g, '\n!\n')}\n`
  const linesOf = (file: string) =>
    recorded(`diff-pairs/napalm/${file}`)
      .split('\n')
      .filter((line) => line.trim() !== '' && line !== 'end')

  test('napalm replace: a blank behind maximum-routes, whatever was typed', async () => {
    const { text } = simulate(initial(), { eos: '4.22.1F', managementOutside: true })
    const typed = ['rollback clean-config', ...linesOf('new_good.conf')]
    const diff = await text('configure session n', ...typed, 'show session-config diffs')
    expect(diff).toContain('maximum-routes 12000 \n')
    expect(fromHunks(diff)).toBe(fromHunks(recorded('diff-pairs/napalm/new_good.diff')))
  })

  test('napalm merge, recorded from the merged configuration back to the first', async () => {
    const { text, json } = simulate(initial(), { eos: '4.22.1F', managementOutside: true })
    await json('configure checkpoint save first')
    await json('configure session merge', ...linesOf('merge_good.conf'), 'commit')
    const back = ['copy checkpoint:first session-config', 'show session-config diffs']
    expect(fromHunks(await text('configure session back', ...back))).toBe(
      fromHunks(recorded('diff-pairs/napalm/merge_good.diff')),
    )
  })
})
