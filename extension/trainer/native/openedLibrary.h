// A library that is opened by its path while the program runs. It is never closed, since threads that use it would run on.
#pragma once

#include <string>

#ifdef _WIN32
#include <windows.h>
#else
// Functions of libuv, which is a part of Node. The C library's own dlopen has a new symbol version since glibc 2.34, so calling it would
// require that glibc.
extern "C" {
struct uv_lib_t {
  void *handle;
  char *errmsg;
};
int uv_dlopen(const char *filename, uv_lib_t *lib);
int uv_dlsym(uv_lib_t *lib, const char *name, void **ptr);
const char *uv_dlerror(const uv_lib_t *lib);
}
#endif

class OpenedLibrary {
 public:
  /** @param path in UTF-8. Returns why it cannot be opened, or an empty text. */
  std::string open(const std::string &path) {
#ifdef _WIN32
    std::wstring wide(MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, nullptr, 0), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, &wide[0], static_cast<int>(wide.size()));
    // With this flag, Windows also looks beside the library for the libraries that it needs.
    handle = LoadLibraryExW(wide.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (handle != nullptr) return "";
    const DWORD code = GetLastError();
    if (code == ERROR_MOD_NOT_FOUND) return path + " does not load: it, or Microsoft's Visual C++ Redistributable, is missing";
    return path + " does not load: error " + std::to_string(code) + " of Windows";
#else
    return uv_dlopen(path.c_str(), &library) == 0 ? "" : uv_dlerror(&library);
#endif
  }

  /** The library's function of this name, or null. */
  template <typename Function>
  Function find(const char *name) {
#ifdef _WIN32
    return reinterpret_cast<Function>(reinterpret_cast<void *>(GetProcAddress(handle, name)));
#else
    void *found = nullptr;
    return uv_dlsym(&library, name, &found) == 0 ? reinterpret_cast<Function>(found) : nullptr;
#endif
  }

 private:
#ifdef _WIN32
  HMODULE handle = nullptr;
#else
  uv_lib_t library{};
#endif
};
