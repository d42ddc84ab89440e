/** Whether bytes are an HDF5 file, which every netCDF-4 file is: eight fixed bytes at the start. */
export function is_hdf5(bytes: Uint8Array): boolean {
  const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
  return signature.every((byte, i) => bytes[i] === byte);
}
