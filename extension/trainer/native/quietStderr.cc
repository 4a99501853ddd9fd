/*
 * Captures stderr while TensorFlow's library is loaded. TensorFlow 2.21 logs there that oneDNN is on, whatever TF_CPP_MIN_LOG_LEVEL is,
 * and users read stderr for errors.
 */
#include <node_api.h>
#include <stdio.h>
#include <string>
#include <unistd.h>

static FILE *aside = nullptr;
static int original = -1;

static napi_value Begin(napi_env, napi_callback_info) {
  if (aside != nullptr) return nullptr;
  fflush(stderr);
  aside = tmpfile();
  if (aside == nullptr) return nullptr;
  original = dup(2);
  if (original < 0 || dup2(fileno(aside), 2) < 0) { fclose(aside); aside = nullptr; }
  return nullptr;
}

static napi_value End(napi_env env, napi_callback_info) {
  std::string text;
  if (aside != nullptr) {
    fflush(stderr);
    dup2(original, 2);
    close(original);
    rewind(aside);
    char buffer[4096];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, aside)) > 0;) text.append(buffer, n);
    fclose(aside);
    aside = nullptr;
  }
  napi_value result;
  return napi_create_string_utf8(env, text.data(), text.size(), &result) == napi_ok ? result : nullptr;
}

static napi_value Init(napi_env env, napi_value exports) {
  napi_property_descriptor all[] = {{"begin", nullptr, Begin, nullptr, nullptr, nullptr, napi_default, nullptr},
                                    {"end", nullptr, End, nullptr, nullptr, nullptr, napi_default, nullptr}};
  napi_define_properties(env, exports, 2, all);
  return exports;
}

NAPI_MODULE(quiet, Init)
