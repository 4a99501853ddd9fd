/*
 * Node's functions, for an addon on Windows. There a library's imports name the program that has them, and VS Code's is not node.exe. The
 * compiler calls an imported function by a pointer, `__imp_` and its name. These pointers are defined here instead of in a library of
 * node.exe's, and are set when the addon is loaded, to the functions of the program that loads it.
 */
#include <windows.h>

#define FOR_EACH_FUNCTION(use)                                                                                                     \
  use(napi_create_array) use(napi_create_double) use(napi_create_function) use(napi_create_object) use(napi_create_reference)     \
      use(napi_create_string_utf8) use(napi_define_class) use(napi_delete_reference) use(napi_get_cb_info)                        \
          use(napi_get_typedarray_info) use(napi_get_value_double) use(napi_get_value_string_utf8) use(napi_set_element)          \
              use(napi_set_named_property) use(napi_throw_error) use(napi_unwrap) use(napi_wrap)

extern "C" {
#define DEFINE(name) FARPROC __imp_##name;
FOR_EACH_FUNCTION(DEFINE)
#undef DEFINE

BOOL WINAPI DllMain(HINSTANCE, DWORD reason, LPVOID) {
  if (reason != DLL_PROCESS_ATTACH) return TRUE;
  // Where Node was built as a library, the program is but its launcher.
  HMODULE node = GetModuleHandleW(L"libnode.dll");
  if (node == nullptr) node = GetModuleHandleW(nullptr);
#define FIND(name) \
  if ((__imp_##name = GetProcAddress(node, #name)) == nullptr) return FALSE;
  FOR_EACH_FUNCTION(FIND)
#undef FIND
  return TRUE;
}
}
