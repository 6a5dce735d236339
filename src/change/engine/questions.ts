import { pingCommand } from '../../eos/device/ping.ts'
import type { ProbeSpec } from '../../model/probe.ts'
import { placeWords } from '../../model/problem.ts'
import type { RefusedQuestion } from '../../model/refused-question.ts'
import { requireAnswered } from '../plan/refused-questions.ts'
import { plannedOf } from '../plan/settled.ts'
import type { QuestionPort } from '../task/act/question-port.ts'
import type { KeptPlan } from './kept-plan.ts'
import type { Ledger } from './ledger.ts'
import type { ChangePorts } from './ports.ts'
import { askOnce, deniedBy } from './prober.ts'

/** What the verification of an execution will ask, as its tasks find out whether switches take it. */
export function questionPort(
  ports: Pick<ChangePorts, 'fleet' | 'clock' | 'authority' | 'checks' | 'planning' | 'probes'>,
  ledger: Ledger,
  kept: Pick<KeptPlan, 'get'>,
): (signal: AbortSignal) => QuestionPort {
  const { probes = [], clock, planning } = ports
  const fleet = ports.fleet.apart().as('read')
  const refusedOf = async (device: string, signal: AbortSignal): Promise<readonly RefusedQuestion[]> => {
    const own = probes.flatMap((spec, probe) => (spec.from === device ? [{ spec, probe }] : []))
    if (ledger.state.leftOut.has(device) || (await deniedBy(ports, ledger, device)) !== undefined) return []
    const specs: readonly ProbeSpec[] = own.map(({ spec }) => spec)
    const { samples, failure } = await askOnce({ fleet, clock, device, signal }, specs, false)
    if (failure !== undefined) return []
    return own.flatMap(({ spec, probe }, index): RefusedQuestion[] => {
      const sample = samples[index]
      if (sample?.said !== 'unknown') return []
      return [{ device, by: { probe }, command: pingCommand(spec), says: sample.because ?? '' }]
    })
  }
  return (signal) => ({
    placeOfComparison: () => {
      const [first] = ports.checks.compared?.places ?? []
      return first === undefined ? '' : placeWords(planning.askedAt?.().checks[first])
    },
    refusedProbes: async () => {
      const devices = [...new Set(probes.map(({ from }) => from))]
      return (await Promise.all(devices.map((device) => refusedOf(device, signal)))).flat()
    },
    require: async (refused, runningOf) => {
      if (refused.length === 0) return
      const plan = await kept.get()
      const planned = new Set(plan.content.devices.map(({ name }) => name))
      const running = new Map<string, string>()
      for (const device of new Set(refused.map((one) => one.device)))
        if (planned.has(device)) running.set(device, await runningOf(device))
      requireAnswered(refused, planning.askedAt?.(), (device) => {
        const runs = running.get(device)
        if (runs === undefined) return { added: [], running: '' }
        const added = plannedOf(plan, device).diff.filter(({ sign }) => sign === '+')
        return { added: added.map(({ text }) => text), running: runs }
      })
    },
  })
}
