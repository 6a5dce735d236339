import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { recordings } from '../../recordings.ts'
import { openTerminal, settled } from './in-memory-terminal.ts'
import { simulate } from './simulate.ts'

/** One step of a recording: what the device had sent before the client sent `in`. */
interface Interaction {
  readonly in: string
  readonly out: string
}

const folder = recordings('eos-corpus/ssh-transcripts/')
const present = existsSync(fileURLToPath(folder))
const files = present ? readdirSync(folder).filter((file) => file.endsWith('.json')) : []

/** The recorder scrubbed the name; the prompts show that it began with these six letters. */
const SESSION = 'scrapli_cfg_1'
const SCRUBBED = '__SCRAPLI_CFG_SESSION_NAME__'

/** The recorder put a word for each password. */
const PASSWORD = 'sesame'

function interactionsOf(file: string) {
  const { interactions } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { interactions: Interaction[] }
  return interactions
}

/** The steps of the shell: what the program `ssh` asked before it is left out. */
function shellSteps(interactions: readonly Interaction[]) {
  const login = interactions.findIndex(({ out }) => out.includes('Last login'))
  const early = interactions.slice(0, login).every(({ out }) => out === '')
  return early ? interactions : interactions.slice(login)
}

function bootConfig(interactions: readonly Interaction[]) {
  const shown = interactions.find(({ out }) => out.includes('! Command: show running-config'))?.out ?? ''
  return shown.slice(shown.indexOf('! Command'), shown.lastIndexOf('\nend\n') + '\nend\n'.length)
}

/**
 * A screen as it can be compared (docs/eos.md 5.4): no CR, blank or prompt-only lines, nothing before the login, dates,
 * addresses and hashes masked, the body of a banner left out because the client typed ahead of its echo. The recorder read
 * no more after it had sent `exit`.
 */
function normalised(screen: string) {
  const text = screen.replaceAll('\r', '').replaceAll(SCRUBBED, SESSION)
  const lines = text
    .slice(text.indexOf('Last login'))
    .split('\n')
    .map((line) => line.replace(/^Last login: .*/, 'Last login').replace(/\$6\$\S+/, '$6$'))
  const kept: string[] = []
  let inBanner = false
  for (const line of lines) {
    const prompted = /^localhost[(>#]/.test(line)
    if (prompted) inBanner = /#banner login$/.test(line)
    if (!inBanner && line.trim() !== '' && !/^localhost(\(.*\))?[>#]$/.test(line)) kept.push(line)
  }
  return kept.filter((line) => line !== 'localhost#exit')
}

async function replayed(interactions: readonly Interaction[]) {
  const simulated = simulate(bootConfig(interactions), { eos: '4.22.1F', managementOutside: true })
  const terminal = openTerminal(simulated, {
    user: { user: 'boxen', privilege: 1, enable: (secret) => secret === PASSWORD },
    size: { width: 80, length: 24 },
  })
  for (const { in: sent } of shellSteps(interactions)) {
    for (const character of sent === 'REDACTED' ? PASSWORD : sent.replaceAll(SCRUBBED, SESSION)) {
      terminal.shell.receive(Buffer.from(character))
      await settled()
    }
  }
  return terminal
}

describe.skipIf(!present)(`${files.length} recorded SSH dialogues of a 4.22.1F`, () => {
  test('there are six of them', () => {
    expect(files).toHaveLength(6)
  })

  test.each(files)('%s prints the recorded screen', { tags: 'long' }, async (file) => {
    const interactions = interactionsOf(file)
    const recorded = normalised(interactions.map(({ out }) => out).join(''))
    const { printed, closed } = await replayed(interactions)
    expect(recorded.length).toBeGreaterThan(20)
    expect(normalised(printed)).toEqual(recorded)
    expect(closed).toBe('exit')
  })
})
