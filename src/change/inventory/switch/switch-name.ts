import { shortName } from '../../../text/source/short-name.ts'

export const switchName = shortName.refine(
  (text) => !['and', 'or', 'not'].includes(text),
  'a word of the selector language',
)
