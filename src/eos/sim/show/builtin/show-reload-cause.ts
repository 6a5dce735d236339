import { defineShow } from '../format/define.ts'
import { seconds } from '../format/text-format.ts'

/** `show reload cause`: simulated switches were always reloaded by somebody. */
export const showReloadCause = defineShow({
  words: 'show reload cause',
  docs: 'Why the switch booted last; anta (JSON), ntc show_reload_cause (text).',
  json: ({ bootedAt }) => ({
    resetCauses: [
      {
        description: 'Reload requested by the user.',
        timestamp: seconds(bootedAt),
        recommendedAction: 'No action necessary.',
        debugInfoIsDir: false,
      },
    ],
    full: false,
  }),
  text: ({ bootedAt }) => {
    const at = new Date(bootedAt).toUTCString()
    const [, day = '', month = '', year = '', time = ''] = /(\d+) (\w+) (\d+) ([\d:]+)/.exec(at) ?? []
    const date = `${at.slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
    const lines = [
      'Reload Cause 1:',
      '-------------------',
      'Reload requested by the user.',
      '',
      'Reload Time:',
      '------------',
      `Reload occurred at ${date} UTC.`,
      '',
      'Recommended Action:',
      '-------------------',
      'No action necessary.',
      '',
      'Debugging Information:',
      '----------------------',
      'None available.',
    ]
    return lines.map((line) => `${line}\n`).join('')
  },
})
