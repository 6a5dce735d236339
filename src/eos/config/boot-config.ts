import { parseVerb } from './text/tree.ts'

/** Whether what `show boot-config` prints shows a `boot` line in force: the image of the next boot, with or without the slash behind `flash:`, or the password of Aboot, as a hash of whatever type. A negated line shows as `(not set)`. */
export function showsBootLine(printed: string, line: string): boolean {
  const { verb, line: bare } = parseVerb(line)
  const [, what = '', ...values] = bare.split(/\s+/)
  const shown = shownFor(printed, what)
  if (verb !== '') return shown === '' || shown === '(not set)'
  const wanted = values.join(' ')
  return shown !== '' && (shown === wanted || slashless(shown) === slashless(wanted) || shown === values.at(-1))
}

function shownFor(printed: string, what: string) {
  const label = what === 'system' ? /^Software image: *(.*)$/m : /^Aboot password \(encrypted\): *(.*)$/m
  return label.exec(printed)?.[1]?.trim() ?? ''
}

const slashless = (image: string) => image.replace(/^(\w+):\//, '$1:')

/** A configuration text without the `boot` lines of its root. */
export function withoutBoot(text: string): string {
  return text
    .split('\n')
    .filter((row) => !/^(?:no |default )?boot /.test(row))
    .join('\n')
}
