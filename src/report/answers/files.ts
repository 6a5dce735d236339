import type { AskedSwitch } from './answers.ts'

/** A name that is taken gets a number behind it. */
export function answerFiles(asked: readonly AskedSwitch[]): Readonly<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const one of asked) {
    if (!('answers' in one)) continue
    for (const answer of one.answers) {
      if ('refused' in answer) continue
      const [content, end] =
        'text' in answer ? [ended(answer.text), 'txt'] : [`${JSON.stringify(answer.model, undefined, 2)}\n`, 'json']
      const stem = `${one.name}/${fileWord(answer.command)}`
      let file = `${stem}.${end}`
      for (let n = 2; Object.hasOwn(files, file); n++) file = `${stem}-${n}.${end}`
      files[file] = content
    }
  }
  return files
}

function fileWord(command: string) {
  return command
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 100)
}

function ended(text: string) {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
