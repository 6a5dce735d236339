/** The state of what is mounted and in step. */
export const MOUNTED = 'mountStateMountComplete'

/** Whether what is mounted belongs to the Media Control Service. */
export function isMcs({ type }: { readonly type: string }): boolean {
  return type.startsWith('Mcs')
}
