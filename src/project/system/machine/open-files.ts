/** Node has raised it to what the system allows at most. */
export function mostOpenFiles(): number | undefined {
  const report: (NodeJS.ProcessReport & { excludeNetwork?: boolean }) | undefined = process.report
  if (report === undefined) return undefined
  // No name of the other end of a connection is looked up.
  report.excludeNetwork = true
  const { userLimits } = report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } }
  }
  const most = userLimits?.open_files?.soft
  return typeof most === 'number' ? most : undefined
}
