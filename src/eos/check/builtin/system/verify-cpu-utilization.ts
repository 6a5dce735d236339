import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printedDecimals, printedFloat } from '../../answer/printed-number.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { decimal } from '../../input/numbers.ts'

/** The place of each period, in minutes, among the three load averages of Linux (proc(5), /proc/loadavg). */
const PLACES = { 1: 0, 5: 1, 15: 2 } as const

const topAnswer = () =>
  told({
    cpuInfo: told({ '%Cpu(s)': told({ idle: z.number() }) }),
    timeInfo: told({ loadAvg: z.array(z.number()) }),
  })

type Top = z.output<ReturnType<typeof topAnswer>>

/**
 * The processors are not too busy, now or on average. ANTA's documentation says that a load average is divided by the
 * number of cores, and not which command tells that: `nproc` does on every EOS, which is a Linux (coreutils, "nproc").
 */
export const verifyCpuUtilization = defineVerify({
  name: 'VerifyCPUUtilization',
  summary: 'Verifies that the CPU utilization of the switch is below a threshold.',
  docs: 'Passes when the utilization is below the threshold: 100 minus idle, or with a period the load average of that many minutes per core. Give a period: the moment in which checks run is a busy one.',
  example: { threshold: 75, period: 5 },
  input: () =>
    z.strictObject({
      threshold: decimal(0, 100).default(75).describe('CPU utilization threshold in percent.'),
      period: z
        .literal([1, 5, 15])
        .nullish()
        .describe('Minutes of the load average: 1, 5 or 15. Absent: the utilization of this moment.'),
    }),
  commands: ({ period }) => [
    { cmd: 'show processes top once', revision: 1 },
    ...(typeof period === 'number' ? [{ cmd: 'bash timeout 10 nproc', format: 'text' } as const] : []),
  ],
  answers: () => [topAnswer(), z.string().optional()],
  judge: ({ threshold, period }, [top, cores]) => {
    const used = typeof period === 'number' ? loadPerCore(top, PLACES[period], cores) : usedNow(top)
    if (used === undefined) return { status: 'error', reason: 'the CPU utilization was not told' }
    if (used <= threshold) return passUnless([])
    const what = typeof period === 'number' ? `CPU load average (${period} min)` : 'CPU utilization'
    return passUnless([
      `${what} is above the threshold - Expected: < ${printedFloat(threshold)}% Actual: ${printedDecimals(used, 1)}%`,
    ])
  },
})

function usedNow(top: Top): number {
  return 100 - top.cpuInfo['%Cpu(s)'].idle
}

function loadPerCore(top: Top, place: number, printed = ''): number | undefined {
  const load = top.timeInfo.loadAvg[place]
  const cores = /^\s*[1-9]\d*\s*$/.test(printed) ? Number(printed) : undefined
  return load === undefined || cores === undefined ? undefined : (load / cores) * 100
}
