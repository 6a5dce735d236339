import { defineShow } from '../format/define.ts'
import { two } from '../format/text-format.ts'

/** How busy it is, in percent: as a switch was recorded. An idle processor is printed without a blank, which NAPALM does not read. */
const CPU = { user: 2.8, system: 0.7, nice: 0, idle: 96.3, ioWait: 0, hwIrq: 0.2, swIrq: 0, stolen: 0 }
/** The memory that `show version` says. */
const TOTAL_KB = 8_098_984
const FREE_KB = 5_211_836

/** `show processes top once`. */
export const showProcessesTop = defineShow({
  words: 'show processes top once',
  docs: 'Load, CPU and memory; anta (JSON), napalm (text of 4.30).',
  json: () => ({
    timeInfo: { loadAvg: [0, 0, 0] },
    cpuInfo: { '%Cpu(s)': CPU },
    memInfo: {
      physicalMem: { memTotal: TOTAL_KB, memFree: FREE_KB, memUsed: TOTAL_KB - FREE_KB },
      memoryUnit: 'KiB',
    },
    processes: {},
  }),
  text: ({ now, bootedAt }) => {
    const at = new Date(now)
    const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
    const minutes = Math.floor((now - bootedAt) / 60_000)
    const up = `${Math.floor(minutes / 1440)} days, ${String(Math.floor(minutes / 60) % 24).padStart(2)}:${two(minutes % 60)}`
    const lines = [
      `top - ${clock} up ${up},  0 users,  load average: 0.00, 0.00, 0.00`,
      'Tasks:   1 total,   1 running,   0 sleeping,   0 stopped,   0 zombie',
      '%Cpu(s):  2.8 us,  0.7 sy,  0.0 ni, 96.3 id,  0.0 wa,  0.2 hi,  0.0 si,  0.0 st',
      `KiB Mem : ${TOTAL_KB} total, ${FREE_KB} free, ${TOTAL_KB - FREE_KB} used,        0 buff/cache`,
      'KiB Swap:        0 total,        0 free,        0 used. ',
      '',
      '  PID USER      PR  NI    VIRT    RES    SHR S  %CPU %MEM     TIME+ COMMAND',
    ]
    return lines.map((line) => `${line}\n`).join('')
  },
})
