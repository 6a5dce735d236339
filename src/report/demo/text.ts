import { sha256 } from '../../model/digest.ts'
import { duration, type Style, short, wrapped } from '../text/text.ts'

export interface DemoResult {
  readonly change: number
  readonly saved: boolean
  readonly mistake: number
  readonly readBack: readonly Equality[]
}

interface DemoPoint {
  readonly met: boolean
  readonly what: string
}

export const ROLLED_BACK = 6

export function expectations({ change, saved, mistake, readBack }: DemoResult): readonly DemoPoint[] {
  const equal = readBack.filter(({ running, startup }) => running && startup).length
  return [
    { met: change === 0, what: `the change was confirmed on all leaves (exit code ${change}, must be 0)` },
    { met: saved, what: 'VLAN 140 is in running-config and startup-config of all leaves' },
    {
      met: mistake === ROLLED_BACK,
      what: `the mistake was caught and rolled back (exit code ${mistake}, must be ${ROLLED_BACK})`,
    },
    {
      met: equal === readBack.length,
      what: `${equal} of ${readBack.length} switches read back equal to before, byte by byte`,
    },
  ]
}

export function demoText(shown: readonly DemoPoint[], seconds: number, style: Style): string {
  const lines = shown.map(({ met, what }) => (met ? style.good(`✔ ${what}`) : style.bad(`✖ ${what}`)))
  const good = shown.filter(({ met }) => met).length
  return `${lines.join('\n')}\n\nDemo: ${good} of ${shown.length} as it must be · ${duration(seconds)}`
}

export function incidentText(incident: string, code: number, style: Style): string {
  const end = `the change of ${incident} was put back (exit code ${code}, must be ${ROLLED_BACK})`
  const mark = code === ROLLED_BACK ? style.good(`✔ ${end}`) : style.bad(`✖ ${end}`)
  return `${mark}\nWhat happened then, and what would have stopped it: docs/post-mortems.md`
}

export function introduction(shorter: string, style: Style, width: number): string {
  return [
    style.bold('eosflow demo: six simulated Arista switches, eAPI over real HTTP on loopback'),
    '',
    '        spine1        spine2           AS 65000 · eBGP underlay, EVPN overlay',
    '       ┌───┴───┬─────────┴┬───────┐     EOS 4.31 and 4.32',
    '     leaf1 ═ leaf2      leaf3 ═ leaf4     AS 65101, AS 65102 · two MLAG pairs',
    '',
    ...wrapped(`Short waiting times, so that it is over soon: ${shorter}.`, { width, hang: 0 }),
    ...wrapped('The demo approves its own plans, because every switch is simulated. On real ones a person does.', {
      width,
      hang: 0,
    }),
  ].join('\n')
}

const RULE = 114

/** A section's title with a rule behind it, as wide as the screen. */
export function heading(style: Style, screen: number, text: string): string {
  const width = Math.min(RULE, screen)
  const lines = wrapped(`── ${text}`, { width, hang: 6 })
  const last = lines.at(-1) ?? ''
  const room = width - [...last].length - 1
  return `\n${[...lines.slice(0, -1), room < 3 ? last : `${last} ${'─'.repeat(room)}`].map((line) => style.bold(line)).join('\n')}\n`
}

export interface BothConfigs {
  readonly running: string
  readonly startup: string
}

interface Equality {
  readonly name: string
  readonly running: boolean
  readonly startup: boolean
  readonly digest: string
}

type Readings = ReadonlyMap<string, BothConfigs>

/** Compares two readings of the same switches, byte by byte. */
export function compareReadings(before: Readings, after: Readings): readonly Equality[] {
  return [...before].map(([name, was]) => {
    const is = after.get(name)
    return {
      name,
      running: is?.running === was.running,
      startup: is?.startup === was.startup,
      digest: sha256(is?.running ?? ''),
    }
  })
}

export function equalityTable(rows: readonly Equality[], style: Style): string {
  const say = (equal: boolean): string => (equal ? 'as before' : 'DIFFERENT')
  const head = `${'switch'.padEnd(8)}  ${'running-config'.padEnd(15)}  ${'startup-config'.padEnd(15)}  sha256`
  const lines = rows.map(({ name, running, startup, digest }) => {
    const mark = running && startup ? '✔' : '✖'
    const line = `${name.padEnd(8)}  ${mark} ${say(running).padEnd(13)}  ${mark} ${say(startup).padEnd(13)}  ${short(digest)}`
    return running && startup ? style.good(line) : style.bad(line)
  })
  return [head, ...lines].join('\n')
}
