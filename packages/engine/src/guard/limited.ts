/** A command and its arguments, as `spawn` takes them. */
export type Command = { readonly command: string; readonly args: readonly string[] };

/**
 * On Linux, the command under RLIMIT_DATA and without a core file: the kernel holds that limit also against typed arrays and
 * WebAssembly. (RLIMIT_AS would be the usual choice; Node reserves address space by the gigabyte that it never touches.)
 * Elsewhere the command as it is.
 */
export function limited(bytes: number, [command = '', ...args]: readonly string[]): Command {
  if (process.platform !== 'linux') return { command, args };
  const shell = 'ulimit -c 0; ulimit -d "$1" || exit 1; shift; exec "$@"';
  return { command: '/bin/sh', args: ['-c', shell, 'sh', `${Math.ceil(bytes / 1024)}`, command, ...args] };
}
