import { backupJson } from './json.ts'
import { backupText } from './text.ts'

/** What a backup did, by format. */
export const backupAs = { text: backupText, json: backupJson } as const
