import { z } from 'zod'
import { defineVerify } from '../../area/define-verify.ts'
import { type Finding, tooSlow, verdictOf } from '../../finding/finding.ts'
import { entryFindings } from './config-entry.ts'
import { configRule, secretsOf } from './config-rule.ts'
import { runningConfig, sectionsAt } from './config-section.ts'

/** running-config is as rules say: sections that exist, commands that are and are not there, numbers within bounds. */
export const verifyRunningConfig = defineVerify({
  name: 'VerifyRunningConfig',
  summary: 'Verifies running-config against rules about its sections and commands.',
  docs: 'Passes when every section of a rule exists and each of its entries holds in each section that the path leads to. A rule without a section is about the commands of the top level.',
  example: {
    rules: [
      { entries: [{ match: 'ntp server', mode: 'contains', description: 'NTP server configured' }] },
      {
        section: ['interface Ethernet\\d+'],
        entries: [{ match: 'mtu (\\d+)', mode: 'regex', threshold: { value: 1500, operator: 'ge' } }],
      },
    ],
  },
  input: () => z.strictObject({ rules: z.array(configRule()).min(1).describe('Rules about running-config.') }),
  commands: () => [{ cmd: 'show running-config', revision: 1 }],
  answers: () => [runningConfig()],
  secrets: ({ rules }) => rules.flatMap(({ entries }) => entries.flatMap(secretsOf)),
  judge: ({ rules }, [{ cmds }]) =>
    verdictOf(
      rules.flatMap(({ section, entries }): readonly Finding[] => {
        const sections = sectionsAt({ path: [], commands: cmds }, section ?? [])
        if ('slow' in sections) return [tooSlow(sections.slow)]
        if (sections.length === 0) {
          return [{ fault: `Section '${(section ?? []).join(' > ')}' in the running-config - Not found` }]
        }
        const found = entries.map((entry) => entryFindings(entry, sections))
        return sections.flatMap((_, index) => found.flatMap((one) => one[index] ?? []))
      }),
    ),
})
