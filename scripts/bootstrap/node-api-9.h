// better-sqlite3 13 asks Node-API 10 for one thing: references to strings. Node-API 9 has references to objects only, so
// here a string is held in an array of one element, and taken out again when the reference is read.
#ifndef RETICLE_NODE_API_9_H
#define RETICLE_NODE_API_9_H
#ifdef __cplusplus
#undef NAPI_VERSION
#define NAPI_VERSION 9
#include <node_api.h>
#include <unordered_set>

namespace node_api_9 {

inline std::unordered_set<napi_ref>& held_in_array() {
  static thread_local std::unordered_set<napi_ref> references;
  return references;
}

inline bool can_be_referenced(napi_valuetype type) {
  return type == napi_object || type == napi_function || type == napi_symbol;
}

inline napi_status create_reference(napi_env env, napi_value value, uint32_t count, napi_ref* result) {
  napi_valuetype type;
  napi_status status = napi_typeof(env, value, &type);
  if (status != napi_ok) return status;
  if (can_be_referenced(type)) return napi_create_reference(env, value, count, result);
  napi_value holder;
  status = napi_create_array_with_length(env, 1, &holder);
  if (status == napi_ok) status = napi_set_element(env, holder, 0, value);
  if (status == napi_ok) status = napi_create_reference(env, holder, count, result);
  if (status == napi_ok) held_in_array().insert(*result);
  return status;
}

inline napi_status get_reference_value(napi_env env, napi_ref reference, napi_value* result) {
  napi_status status = napi_get_reference_value(env, reference, result);
  if (status != napi_ok || *result == nullptr || held_in_array().count(reference) == 0) return status;
  return napi_get_element(env, *result, 0, result);
}

inline napi_status delete_reference(napi_env env, napi_ref reference) {
  held_in_array().erase(reference);
  return napi_delete_reference(env, reference);
}

}  // namespace node_api_9

#define napi_create_reference node_api_9::create_reference
#define napi_get_reference_value node_api_9::get_reference_value
#define napi_delete_reference node_api_9::delete_reference
#endif
#endif
