import { visibleLine } from '../text/visible.ts'
import type { Annotation } from './annotation.ts'

/**
 * Annotations as workflow commands of GitHub Actions, one a line: `::error file=…,line=…,endLine=…,col=…,title=…::…` (GitHub Docs, "Workflow
 * commands for GitHub Actions"). A column is shown where the annotation is of one line, which each of ours is.
 */
export function githubAnnotations(annotations: readonly Annotation[]): string {
  return annotations.map(commandOf).join('')
}

function commandOf({ severity, code, text, file, line, column }: Annotation): string {
  const place =
    file === undefined
      ? []
      : [`file=${property(visibleLine(file))}`, `line=${line}`, `endLine=${line}`, `col=${column}`]
  return `::${severity} ${[...place, `title=${property(`eosflow ${code}`)}`].join(',')}::${data(text)}\n`
}

/** What a runner takes back from behind `::` (actions/toolkit, packages/core/src/command.ts, escapeData). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** The same for a property, which `:` and `,` would end (escapeProperty). */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
