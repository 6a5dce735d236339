import { existsSync } from 'node:fs'
import { inMemoryEapi } from '../../src/sim/eapi/in-memory.ts'
import { SimulatedFabric } from '../../src/sim/fabric/simulated-fabric.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { readAvdLab } from '../sim/published/avd-lab.ts'
import { AVD_LAB_CLASSES, compareRows, type LabClass, SUZIEQ_CLASSES } from '../sim/published/lab-classes.ts'
import { type PublishedLab, publishedFabric } from '../sim/published/published-lab.ts'
import { readSuzieq } from '../sim/published/suzieq.ts'

export const usage = 'labs SUZIEQ AVD-LAB [CLASS]: recorded labs of two clones beside the simulator, class by class'

/** As much of each class has to be as it was recorded. */
const LEAST = 0.98

/**
 * Boots two published labs, asks each switch what it was asked when it was recorded, and prints for each class of commands how many
 * rows are as recorded. SUZIEQ is a clone of netenglabs/suzieq (584b22ab), AVD-LAB one of
 * titom73/ansible-arista-network-lab-automation (e69ea872). With CLASS it prints every row of that command that differs. 1 where a class
 * has less than 98 %.
 */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [suzieq, avdLab, shown] = args
  if (suzieq === undefined || avdLab === undefined || args.length > 3) return undefined
  if (![suzieq, avdLab].every((folder) => existsSync(folder))) return undefined
  const rates = [
    ...(await judgeLab(readSuzieq(suzieq), SUZIEQ_CLASSES, shown)),
    ...(await judgeLab(readAvdLab(avdLab), AVD_LAB_CLASSES, shown)),
  ]
  return rates.every((rate) => rate >= LEAST) ? 0 : 1
}

async function judgeLab(lab: PublishedLab, classes: readonly LabClass[], shown?: string): Promise<readonly number[]> {
  const fabric = new SimulatedFabric(publishedFabric(lab), { clock: new VirtualClock(), random: new SeededRandom(1) })
  const rates: number[] = []
  for (const one of classes) {
    const { equal, total, switches, different } = await judgeClass(lab, one, fabric)
    const rate = total === 0 ? 0 : equal / total
    rates.push(rate)
    const figure = `${equal}/${total} rows ${(rate * 100).toFixed(1)} %`
    process.stdout.write(`${lab.name.padEnd(8)} ${one.command.padEnd(32)} ${switches} switches  ${figure}\n`)
    if (one.command === shown) process.stdout.write(`${different.join('\n')}\n`)
  }
  return rates
}

async function judgeClass(
  lab: PublishedLab,
  { command, recordedAs = command, rows }: LabClass,
  fabric: SimulatedFabric,
) {
  const sum = { equal: 0, total: 0, switches: 0, different: [] as string[] }
  for (const asked of lab.switches) {
    const text = asked.show[recordedAs]
    const recorded = text ?? asked.show[`${recordedAs} | json`]
    if (recorded === undefined) continue
    const format = text !== undefined || isText(recorded) ? 'text' : 'json'
    const params = { version: 1, cmds: ['enable', command], format }
    const request = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params })
    const { body } = await inMemoryEapi(fabric.get(asked.name).eapi)(request)
    const { result, error } = JSON.parse(body)
    const one = compareRows(rows(recorded, asked), rows(result?.[1] ?? error.data.at(-1), asked))
    sum.equal += one.equal
    sum.total += one.total
    sum.switches += 1
    sum.different.push(...one.different.map((row) => `${asked.name} ${row}`))
  }
  return sum
}

/** A command without a model answers with a text also where JSON was asked for. */
const isText = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && 'output' in answer
