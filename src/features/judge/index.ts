import type { Feature } from '../../project/system/feature/feature.ts'
import { askedJudges, judgeFaults } from './ask.ts'
import { openJudges } from './rounds.ts'

/** Monitoring systems that say whether a change is good (docs/judges.md). */
export const judge: Feature = {
  name: 'judge',
  settings: ['judges'],
  plan: ['judges'],
  records: ['JudgesMeasured'],
  begin: judgeFaults,
  open: ({ judges: specs }, services) => {
    const judges = askedJudges(specs, services)
    return judges && ((record) => openJudges(judges, services, record))
  },
}
