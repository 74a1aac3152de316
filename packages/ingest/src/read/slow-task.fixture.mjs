/** A task that misbehaves as its job says. */
export const task = async (job) => {
  if (job === 'forever') for (;;);
  if (job === 'heap') for (const held = []; ; ) held.push(new Array(1000).fill({}));
  if (job === 'buffers') for (const held = []; ; ) held.push(new Uint8Array(1 << 22).fill(1));
  if (job === 'unawaited') {
    Promise.reject(new Error('Zzqcanary'));
    await new Promise((go) => setTimeout(go, 2000));
  }
  if (job === 'words') throw new Error('Zzqcanary');
  if (
    job === 'environment' &&
    Object.keys(process.env).some(
      (name) => name !== 'NODE_CHANNEL_FD' && name !== 'NODE_CHANNEL_SERIALIZATION_MODE' && name !== 'PWD',
    )
  )
    throw new Error('an environment');
};
