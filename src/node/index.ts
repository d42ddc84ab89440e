/** The public API's part for Node: a device through Dawn, models and data from files. A program that uses the device is started by `launcher.mjs --program`, which chooses the adapter. */

export { type AdapterEntry, choose_adapter, list_adapters } from './adapter_environment.mjs';
export { close_and_exit, request_device } from './dawn.ts';
export { type LoadedData, type LoadedRows, load_data, load_rows } from './load_data.ts';
export { load_model } from './load_model.ts';
export { read_shader_files } from './shader_files.ts';
export { version } from './version.ts';
