import { sha256 } from '../../model/digest.ts'
import { short } from '../text/count.ts'
import type { Style } from '../text/style.ts'

export interface BothConfigs {
  readonly running: string
  readonly startup: string
}

export interface Equality {
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
