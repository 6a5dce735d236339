import type { DefinitionPart, QueryLanguageName } from './part.ts'

/** The values of `Type`. */
export const STATE_TYPES = ['Task', 'Parallel', 'Map', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail'] as const

export type StateType = (typeof STATE_TYPES)[number]

interface Fields {
  readonly both: readonly string[]
  readonly JSONPath: readonly string[]
  readonly JSONata: readonly string[]
}

const PATHS = ['InputPath', 'OutputPath']
const WORK = [...PATHS, 'ResultPath', 'Parameters', 'ResultSelector']
const HANDLING = ['Retry', 'Catch']
const FLOWING = ['Next', 'End', 'Assign']

const FIELDS: Readonly<Record<StateType, Fields>> = {
  Task: {
    both: [...FLOWING, ...HANDLING, 'Resource', 'Credentials', 'TimeoutSeconds', 'HeartbeatSeconds'],
    JSONPath: [...WORK, 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
    JSONata: ['Arguments', 'Output'],
  },
  Parallel: { both: [...FLOWING, ...HANDLING, 'Branches'], JSONPath: WORK, JSONata: ['Arguments', 'Output'] },
  Map: {
    both: [
      ...FLOWING,
      ...HANDLING,
      'ItemProcessor',
      'ItemSelector',
      'ItemReader',
      'ItemBatcher',
      'ResultWriter',
      'MaxConcurrency',
      'ToleratedFailureCount',
      'ToleratedFailurePercentage',
      'Label',
    ],
    JSONPath: [
      ...WORK,
      'Iterator',
      'ItemsPath',
      'MaxConcurrencyPath',
      'ToleratedFailureCountPath',
      'ToleratedFailurePercentagePath',
    ],
    JSONata: ['Items', 'Output'],
  },
  Pass: { both: FLOWING, JSONPath: [...PATHS, 'ResultPath', 'Parameters', 'Result'], JSONata: ['Output'] },
  Wait: {
    both: [...FLOWING, 'Seconds', 'Timestamp'],
    JSONPath: [...PATHS, 'SecondsPath', 'TimestampPath'],
    JSONata: ['Output'],
  },
  Choice: { both: ['Choices', 'Default', 'Assign'], JSONPath: PATHS, JSONata: ['Output'] },
  Succeed: { both: [], JSONPath: PATHS, JSONata: ['Output'] },
  Fail: { both: ['Error', 'Cause'], JSONPath: ['ErrorPath', 'CausePath'], JSONata: [] },
}

const EVERY_STATE = ['Type', 'Comment', 'QueryLanguage']

export function checkStateFields(state: DefinitionPart, type: StateType, language: QueryLanguageName): void {
  const fields = FIELDS[type]
  const extended = state.reading.dialect.extensions && type === 'Task' ? ['Undo', 'Effect', 'Permissions'] : []
  const other = language === 'JSONPath' ? 'JSONata' : 'JSONPath'
  for (const key of state.keys) {
    if ([EVERY_STATE, extended, fields.both, fields[language]].some((some) => some.includes(key))) continue
    if (fields[other].includes(key)) state.failWhole(notOf(language, key, other))
    else state.failWhole(`Field '${key}' is not supported`)
  }
}

export function notOf(language: QueryLanguageName, key: string, other: QueryLanguageName): string {
  return `The QueryLanguage is set to '${language}', but field '${key}' is only supported for the '${other}' QueryLanguage`
}
