/*
 * The addons beside this file, compressed: what compilers make for each system, and as little as may be.
 *   zig cc -target x86_64-linux-gnu.2.17 -shared -fPIC -Os -s small.c -o linux-x64.node
 *   zig cc -target aarch64-macos.11.0 -shared -Os -s -undefined dynamic_lookup -Wl,-install_name,x small.c -o darwin-arm64.node
 *   zig cc -target x86_64-windows-gnu -shared -Os -s -nostdlib small.c -lkernel32 -Wl,--entry,DllMain -o win32-x64.node
 */
#ifdef _WIN32
void *__stdcall GetModuleHandleW(const void *);
void *__stdcall GetProcAddress(void *, const char *);
typedef int (*Function)(void *, void *);
int __stdcall DllMain(void *a, unsigned b, void *c) { return 1; }
__declspec(dllexport) int napi_register_module_v1(void *env, void *exports) {
  return ((Function)GetProcAddress(GetModuleHandleW(0), "napi_adjust_external_memory"))(env, exports);
}
#else
int puts(const char *);
int napi_adjust_external_memory(void *, void *);
int napi_register_module_v1(void *env, void *exports) { return napi_adjust_external_memory(env, exports) + puts(""); }
#endif
