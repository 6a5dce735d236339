import { existsSync } from 'node:fs'
import { inMemoryEapi } from '../../src/sim/eapi/in-memory.ts'
import { SimulatedFabric } from '../../src/sim/fabric/simulated-fabric.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import type { RecordedSwitch } from '../sim/lab-fabric.ts'
import { compareRows, type LabClass } from '../sim/published/lab-classes.ts'
import { PUBLICATIONS, type Publication } from '../sim/published/publications.ts'
import { type PublishedLab, publishedFabric } from '../sim/published/published-lab.ts'

const NAMES = PUBLICATIONS.map(({ name, repository, commit }) => `${name} ${repository}@${commit}`).join(', ')

export const usage = `labs LAB=CLONE... [CLASS]: recorded labs of clones beside the simulator, class by class (${NAMES})`

/** As much of each class has to be as it was recorded. */
const LEAST = 0.98

/**
 * Boots published labs, asks each switch what it was asked when it was recorded, and prints for each class of commands how many rows
 * are as recorded. CLONE is a clone of the repository of LAB, with that commit in its work tree. With CLASS it prints every row of that
 * command that differs. 1 where a class has less than 98 %.
 */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [shown, ...others] = args.filter((arg) => !arg.includes('='))
  const asked = args.flatMap((arg) => publicationOf(arg) ?? [])
  if (asked.length === 0 || others.length > 0 || asked.length + (shown === undefined ? 0 : 1) < args.length)
    return undefined
  const rates: number[] = []
  for (const { publication, clone } of asked) rates.push(...(await judge(publication, clone, shown)))
  return rates.every((rate) => rate >= LEAST) ? 0 : 1
}

function publicationOf(arg: string): { readonly publication: Publication; readonly clone: string } | undefined {
  const [name, clone = ''] = arg.split('=')
  const publication = PUBLICATIONS.find((one) => one.name === name)
  return publication === undefined || !existsSync(clone) ? undefined : { publication, clone }
}

async function judge({ name, read, classes }: Publication, clone: string, shown?: string): Promise<readonly number[]> {
  const booted = read(clone).map((lab) => {
    const fabric = new SimulatedFabric(publishedFabric(lab), { clock: new VirtualClock(), random: new SeededRandom(1) })
    return { lab, fabric }
  })
  const rates: number[] = []
  for (const one of classes) {
    const sum = { equal: 0, total: 0, switches: 0, different: [] as string[] }
    for (const { lab, fabric } of booted) await judgeClass(lab, one, fabric, sum)
    const rate = sum.total === 0 ? 0 : sum.equal / sum.total
    rates.push(rate)
    const figure = `${sum.equal}/${sum.total} rows ${(rate * 100).toFixed(1)} %`
    process.stdout.write(`${name.padEnd(8)} ${one.command.padEnd(32)} ${sum.switches} switches  ${figure}\n`)
    if (one.command === shown) process.stdout.write(`${sum.different.join('\n')}\n`)
  }
  return rates
}

interface Sum {
  equal: number
  total: number
  switches: number
  readonly different: string[]
}

async function judgeClass(lab: PublishedLab, one: LabClass, fabric: SimulatedFabric, sum: Sum): Promise<void> {
  for (const asked of lab.switches) {
    const commands = commandsOf(one, asked)
    for (const { command, recorded } of commands) {
      const format = isText(recorded) ? 'text' : 'json'
      const params = { version: 1, cmds: ['enable', command], format }
      const request = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params })
      const { body } = await inMemoryEapi(fabric.get(asked.name).eapi)(request)
      const { result, error } = JSON.parse(body)
      const compared = compareRows(one.rows(recorded, asked), one.rows(result?.[1] ?? error.data.at(-1), asked))
      sum.equal += compared.equal
      sum.total += compared.total
      sum.different.push(...compared.different.map((row) => `${lab.name} ${asked.name} ${row}`))
    }
    if (commands.length > 0) sum.switches += 1
  }
}

interface Asked {
  readonly command: string
  readonly recorded: unknown
}

function commandsOf({ command, recordedAs = command, every }: LabClass, { show }: RecordedSwitch): readonly Asked[] {
  if (every !== undefined) {
    return Object.entries(show).flatMap(([typed, recorded]) =>
      every.test(typed) ? [{ command: typed, recorded }] : [],
    )
  }
  const recorded = show[recordedAs] ?? show[`${recordedAs} | json`]
  return recorded === undefined ? [] : [{ command, recorded }]
}

/** A command without a model answers with a text also where JSON was asked for. */
const isText = (answer: unknown): boolean =>
  typeof answer === 'string' || (typeof answer === 'object' && answer !== null && 'output' in answer)
