/*
 * Node's functions, for an addon on Windows. On Windows, a library's imports name the program that has the functions, and VS Code's program
 * is not node.exe. Compiled code calls an imported function through a pointer whose name is `__imp_` and the function's name. These
 * pointers are defined here, instead of in an import library of node.exe, and are set to the functions of the loading program when the
 * addon is loaded.
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
  // If Node was built as a library, the functions are in libnode.dll, and the program only launches it.
  HMODULE node = GetModuleHandleW(L"libnode.dll");
  if (node == nullptr) node = GetModuleHandleW(nullptr);
#define FIND(name) \
  if ((__imp_##name = GetProcAddress(node, #name)) == nullptr) return FALSE;
  FOR_EACH_FUNCTION(FIND)
#undef FIND
  return TRUE;
}
}
