import { visible } from './visible.ts'

/** Text for XML 1.0, which has no place for control characters and two others (its section 2.2). */
export function xmlText(text: string): string {
  return visible(text)
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
