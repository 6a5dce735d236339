import { defineShow } from '../format/define.ts'
import { seconds, two } from '../format/text-format.ts'

/** No process runs on a simulated switch. */
const LOAD = [0, 0, 0]

/** `show uptime`. The text form is not recorded; it is that of uptime(1), which EOS runs. */
export const showUptime = defineShow({
  words: 'show uptime',
  docs: 'Since when the switch runs; anta (JSON).',
  json: ({ now, bootedAt }) => ({
    upTime: seconds(now - bootedAt),
    loadAvg: LOAD,
    users: 0,
    currentTime: seconds(now),
  }),
  text: ({ now, bootedAt }) => {
    const at = new Date(now)
    const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
    const minutes = Math.floor((now - bootedAt) / 60_000)
    const days = Math.floor(minutes / 1440)
    const up = `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${Math.floor(minutes / 60) % 24}:${two(minutes % 60)}`
    return ` ${clock} up ${up},  0 users,  load average: 0.00, 0.00, 0.00\n`
  },
})
