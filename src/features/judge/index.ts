import type { JudgeSpec } from '../../model/judge.ts'
import type { Feature } from '../../project/system/feature/feature.ts'
import { askedJudges, judgeFaults } from './ask.ts'
import { judgesKey } from './key.ts'
import { openJudges } from './rounds.ts'
import { judgeSettings } from './settings.ts'
import { judgesTrial } from './trial.ts'

/** Monitoring systems that say whether a change is good (docs/judges.md). */
export const judge: Feature = {
  name: 'judge',
  settings: [judgeSettings],
  keys: [judgesKey],
  trial: judgesTrial,
  records: ['JudgesMeasured'],
  begin: judgeFaults,
  open: ({ judges: specs = [] }, services) => {
    const judges = askedJudges(specs as readonly JudgeSpec[], services)
    return judges && ((record) => openJudges(judges, services, record))
  },
}
