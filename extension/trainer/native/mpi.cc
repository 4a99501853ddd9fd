/*
 * Sums and gathers over the processes that an MPI launcher started. One thread makes all calls of MPI, so that JavaScript's never waits for
 * another process, and any library's level of thread support will do. While that thread waits it sleeps between two tests of its request:
 * MPI's own waiting keeps a core busy, which another process may need. Once a second the processes tell each other that they are there.
 *
 * With MPI_ABI_AT_RUN_TIME the library is opened by its path, and must have the standard ABI of MPI 5; else the addon is compiled and
 * linked by the library's own compiler wrapper.
 */
#include <node_api.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <deque>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#ifdef MPI_ABI_AT_RUN_TIME
#include "mpiAbi.h"
#include "openedLibrary.h"
#else
#include <mpi.h>
#endif

namespace {

// --- The library -----------------------------------------------------------------------------------------------------------------------

#define FOR_EACH_FUNCTION(use)                                                                                                      \
  use(Abort) use(Cancel) use(Comm_dup) use(Comm_free) use(Comm_rank) use(Comm_set_errhandler) use(Comm_size) use(Comm_split_type)  \
      use(Error_string) use(Finalize) use(Get_library_version) use(Get_processor_name) use(Iallgather) use(Iallreduce)             \
          use(Ibarrier) use(Igather) use(Init_thread) use(Irecv) use(Isend) use(Test)

struct Library {
#define DECLARE(name) decltype(&MPI_##name) name;
  FOR_EACH_FUNCTION(DECLARE)
#undef DECLARE
} mpi;

/** Finds the library's functions. Returns an error message, or an empty text for success. */
std::string openLibrary(const std::string &path) {
#ifdef MPI_ABI_AT_RUN_TIME
  OpenedLibrary library;
  const std::string refusal = library.open(path);
  if (!refusal.empty()) return refusal;
#define FIND(name) \
  if ((mpi.name = library.find<decltype(mpi.name)>("MPI_" #name)) == nullptr) return path + " has no MPI_" #name;
#else
#define FIND(name) mpi.name = &MPI_##name;
#endif
  FOR_EACH_FUNCTION(FIND)
#undef FIND
  return "";
}

std::string describeError(int code) {
  char text[MPI_MAX_ERROR_STRING + 1] = "";
  int length = 0;
  mpi.Error_string(code, text, &length);
  return std::string(text, length);
}

double now() {
  timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec + at.tv_nsec * 1e-9;
}

// --- What the processes are asked to do ------------------------------------------------------------------------------------------------

enum class Kind { open, sum, gather, finish };

/** A request from JavaScript. The thread that calls MPI fills in `error`, an empty text for success. */
struct Operation {
  Kind kind = Kind::open;
  napi_deferred deferred = nullptr;
  /** References that keep JavaScript's buffers in memory. */
  napi_ref buffers[2] = {nullptr, nullptr};
  void *send = nullptr, *receive = nullptr;
  /** Number of elements that every process sends. */
  int count = 0;
  /** For a sum: how many of its first values are divided by the number of processes, and so become means. */
  int means = 0;
  /** For a gather: whether every process receives the result, or only rank 0. */
  bool all = true;
  std::string error;
};

/**
 * Tells other processes that this process is alive, and finds out which of them has been silent for too long. Every process exchanges such
 * messages with rank 0 alone, and rank 0 with all.
 */
class Heartbeats {
 public:
  void start(int rank, int size, double limit) {
    this->rank = rank;
    this->limit = limit;
    mpi.Comm_dup(MPI_COMM_WORLD, &comm);
    last = now();
    for (int other = 0; other < size; other++)
      if (other != rank && (rank == 0 || other == 0)) peers.emplace_back(other, last);
    for (Peer &peer : peers) listen(peer);
  }

  /** Sends and receives the messages that are due. Returns the rank of a process that was silent for more than `limit` seconds, or -1. */
  int beat() {
    const double time = now();
    if (time - last < 0.05) return -1;
    // A gap of two seconds means that this process itself was stopped, alone or with all others. That it heard nothing meanwhile does not
    // mean that the others are silent.
    if (time - last > 2)
      for (Peer &peer : peers) peer.heard = time;
    last = time;
    int silent = -1;
    for (Peer &peer : peers) {
      while (peer.receives && isDone(peer.receive)) {
        peer.heard = time;
        listen(peer);
      }
      if (peer.sends && isDone(peer.send)) peer.sends = false;
      if (!peer.sends && time - peer.told >= 1) {
        peer.told = time;
        peer.sends = mpi.Isend(&rank, 1, MPI_INT, peer.rank, 0, comm, &peer.send) == MPI_SUCCESS;
      }
      if (silent < 0 && time - peer.heard > limit) silent = peer.rank;
    }
    return silent;
  }

  void stop() {
    for (Peer &peer : peers)
      if (peer.receives && mpi.Cancel(&peer.receive) == MPI_SUCCESS)
        while (!isDone(peer.receive)) sched_yield();
    mpi.Comm_free(&comm);
  }

 private:
  struct Peer {
    Peer(int rank, double time) : rank(rank), heard(time), told(0) {}
    int rank;
    /** When a message from the peer was last received, and when one was last sent to it. */
    double heard, told;
    bool receives = false, sends = false;
    MPI_Request receive, send;
    int received;
  };

  void listen(Peer &peer) {
    peer.receives = mpi.Irecv(&peer.received, 1, MPI_INT, peer.rank, 0, comm, &peer.receive) == MPI_SUCCESS;
  }

  static bool isDone(MPI_Request &request) {
    int done = 0;
    return mpi.Test(&request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS || done;
  }

  std::vector<Peer> peers;
  MPI_Comm comm;
  int rank = 0;
  double limit = 0, last = 0;
};

// --- The thread that makes all calls of MPI --------------------------------------------------------------------------------------------

/** Seconds between reporting a silent process to JavaScript, which records why the training ends, and ending all processes. */
const double grace = 1.5;

struct Process {
  std::string path;
  /** Seconds for which another process may be silent. */
  double limit = 0;
  int rank = 0, size = 1, localRank = 0, localSize = 1;
  std::string host, version, error;
  Heartbeats heartbeats;

  // A POSIX mutex and condition, because std::condition_variable of newer compilers needs a newer C++ library than TensorFlow does.
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t wake;
  std::deque<Operation *> queue;
  /** The exit code with which all processes are to be ended; negative for none. */
  int abortCode = -1;

  /** When a silent process was found; 0 before. */
  double silentSince = 0;
  /** Calls back into JavaScript: with an operation that has ended, and with the rank of a silent process. */
  napi_threadsafe_function settle = nullptr, reportSilence = nullptr;
} process;

/**
 * Removes the name of MPICH's shared memory as soon as all processes have opened it. MPICH keeps this memory in a file whose name follows
 * from the job's number, until it ends. A killed job would leave the file behind, and when the job is requeued, its processes would take
 * the file for their own and fail.
 */
void unlinkSharedMemory() {
  MPI_Request all;
  int done = 0;
  if (mpi.Ibarrier(MPI_COMM_WORLD, &all) != MPI_SUCCESS) return;
  while (mpi.Test(&all, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && !done) sched_yield();
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const size_t at = line.find("/dev/shm/mpich_shm_");
    if (at != std::string::npos) unlink(line.substr(at).c_str());
  }
}

void initialise() {
  process.error = openLibrary(process.path);
  if (!process.error.empty()) return;
  int provided = 0;
  int code = mpi.Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  if (code != MPI_SUCCESS) {
    process.error = describeError(code);
    return;
  }
  mpi.Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  mpi.Comm_rank(MPI_COMM_WORLD, &process.rank);
  mpi.Comm_size(MPI_COMM_WORLD, &process.size);
  MPI_Comm local;
  mpi.Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, process.rank, MPI_INFO_NULL, &local);
  mpi.Comm_rank(local, &process.localRank);
  mpi.Comm_size(local, &process.localSize);
  mpi.Comm_free(&local);
  char text[MPI_MAX_LIBRARY_VERSION_STRING + MPI_MAX_PROCESSOR_NAME];
  int length = 0;
  mpi.Get_processor_name(text, &length);
  process.host.assign(text, length);
  mpi.Get_library_version(text, &length);
  process.version.assign(text, strnlen(text, length));
  process.heartbeats.start(process.rank, process.size, process.limit);
  unlinkSharedMemory();
}

/** Ends every process of the training if JavaScript has asked for it, or if one of them was silent for too long. */
void watch() {
  const int silent = process.heartbeats.beat();
  if (silent >= 0 && process.silentSince == 0) {
    process.silentSince = now();
    int *rank = new int(silent);
    if (napi_call_threadsafe_function(process.reportSilence, rank, napi_tsfn_nonblocking) != napi_ok) delete rank;
  }
  pthread_mutex_lock(&process.mutex);
  int code = process.abortCode;
  pthread_mutex_unlock(&process.mutex);
  if (code < 0 && process.silentSince > 0 && now() - process.silentSince > grace) code = 1;
  if (code < 0) return;
  mpi.Abort(MPI_COMM_WORLD, code);
  // MPI_Abort returns if srun is already ending the job.
  _exit(code);
}

/**
 * Waits for a request: at first without sleeping, because data that have begun to flow need many calls to flow on; then with sleeps that
 * grow to a millisecond, for processes that are not here yet.
 */
std::string await(MPI_Request request) {
  const double since = now();
  for (int turns = 0;; turns++) {
    int done = 0;
    const int code = mpi.Test(&request, &done, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS) return describeError(code);
    if (done) return "";
    if (turns % 64 == 63) watch();
    const double waited = now() - since;
    if (waited < 0.0005) {
      sched_yield();
      continue;
    }
    const timespec nap = {0, waited < 0.2 ? 20'000 : 1'000'000};
    nanosleep(&nap, nullptr);
  }
}

void run(Operation &operation) {
  MPI_Request request;
  int code = MPI_SUCCESS;
  switch (operation.kind) {
    case Kind::open:
      return;
    case Kind::sum:
      code = mpi.Iallreduce(MPI_IN_PLACE, operation.send, operation.count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, &request);
      break;
    case Kind::gather:
      code = operation.all ? mpi.Iallgather(operation.send, operation.count, MPI_BYTE, operation.receive, operation.count, MPI_BYTE,
                                            MPI_COMM_WORLD, &request)
                           : mpi.Igather(operation.send, operation.count, MPI_BYTE, operation.receive, operation.count, MPI_BYTE, 0,
                                         MPI_COMM_WORLD, &request);
      break;
    case Kind::finish:
      code = mpi.Ibarrier(MPI_COMM_WORLD, &request);
      break;
  }
  operation.error = code == MPI_SUCCESS ? await(request) : describeError(code);
  float *values = static_cast<float *>(operation.send);
  for (int i = 0; i < operation.means; i++) values[i] /= process.size;
  if (operation.kind != Kind::finish) return;
  process.heartbeats.stop();
  mpi.Finalize();
}

/** The next operation, or null if none came within a twentieth of a second. */
Operation *takeOperation() {
  timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += 50'000'000;
  if (until.tv_nsec >= 1'000'000'000) {
    until.tv_sec++;
    until.tv_nsec -= 1'000'000'000;
  }
  pthread_mutex_lock(&process.mutex);
  if (process.queue.empty()) pthread_cond_timedwait(&process.wake, &process.mutex, &until);
  Operation *operation = nullptr;
  if (!process.queue.empty()) {
    operation = process.queue.front();
    process.queue.pop_front();
  }
  pthread_mutex_unlock(&process.mutex);
  return operation;
}

void communicate(Operation *first) {
  initialise();
  first->error = process.error;
  napi_call_threadsafe_function(process.settle, first, napi_tsfn_blocking);
  if (!process.error.empty()) return;
  for (;;) {
    Operation *operation = takeOperation();
    watch();
    if (operation == nullptr) continue;
    const bool ends = operation->kind == Kind::finish;
    run(*operation);
    napi_call_threadsafe_function(process.settle, operation, napi_tsfn_blocking);
    if (ends) return;
  }
}

// --- JavaScript ------------------------------------------------------------------------------------------------------------------------

napi_value text(napi_env env, const std::string &value) {
  napi_value result;
  napi_create_string_utf8(env, value.data(), value.size(), &result);
  return result;
}

void setNumber(napi_env env, napi_value object, const char *name, double value) {
  napi_value number;
  napi_create_double(env, value, &number);
  napi_set_named_property(env, object, name, number);
}

napi_value describeProcess(napi_env env) {
  napi_value result;
  napi_create_object(env, &result);
  setNumber(env, result, "rank", process.rank);
  setNumber(env, result, "size", process.size);
  setNumber(env, result, "localRank", process.localRank);
  setNumber(env, result, "localSize", process.localSize);
  napi_set_named_property(env, result, "host", text(env, process.host));
  napi_set_named_property(env, result, "version", text(env, process.version));
  return result;
}

/** Resolves or rejects the promise of an operation that has ended. */
void settlePromise(napi_env env, napi_value, void *, void *data) {
  Operation *operation = static_cast<Operation *>(data);
  if (env != nullptr) {
    if (operation->error.empty()) napi_resolve_deferred(env, operation->deferred, describeProcess(env));
    else {
      napi_value error;
      napi_create_error(env, nullptr, text(env, operation->error), &error);
      napi_reject_deferred(env, operation->deferred, error);
    }
    for (napi_ref buffer : operation->buffers)
      if (buffer != nullptr) napi_delete_reference(env, buffer);
    // Node may exit when no operation is under way, although the thread goes on.
    napi_unref_threadsafe_function(env, process.settle);
  }
  delete operation;
}

void callSilence(napi_env env, napi_value callback, void *, void *data) {
  int *rank = static_cast<int *>(data);
  if (env != nullptr) {
    napi_value receiver, argument;
    napi_get_undefined(env, &receiver);
    napi_create_int32(env, *rank, &argument);
    napi_call_function(env, receiver, callback, 1, &argument, nullptr);
  }
  delete rank;
}

napi_value promiseOf(napi_env env, Operation *operation) {
  napi_value promise;
  napi_create_promise(env, &operation->deferred, &promise);
  napi_ref_threadsafe_function(env, process.settle);
  return promise;
}

napi_value enqueue(napi_env env, Operation *operation) {
  napi_value promise = promiseOf(env, operation);
  pthread_mutex_lock(&process.mutex);
  process.queue.push_back(operation);
  pthread_cond_signal(&process.wake);
  pthread_mutex_unlock(&process.mutex);
  return promise;
}

/** Keeps a typed array in memory until the operation has ended. Returns its data, and sets `length` to its number of elements. */
void *keep(napi_env env, Operation *operation, int place, napi_value array, size_t *length) {
  void *data = nullptr;
  napi_get_typedarray_info(env, array, nullptr, length, &data, nullptr, nullptr);
  napi_create_reference(env, array, 1, &operation->buffers[place]);
  return data;
}

/** open(library, seconds, onSilence): Promise of {rank, size, localRank, localSize, host, version}. May be called once in a process. */
napi_value Open(napi_env env, napi_callback_info info) {
  napi_value arguments[3], name = text(env, "mpi");
  size_t count = 3, length = 0;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  napi_get_value_string_utf8(env, arguments[0], nullptr, 0, &length);
  process.path.resize(length);
  napi_get_value_string_utf8(env, arguments[0], &process.path[0], length + 1, &length);
  napi_get_value_double(env, arguments[1], &process.limit);
  napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr, settlePromise, &process.settle);
  napi_create_threadsafe_function(env, arguments[2], nullptr, name, 0, 1, nullptr, nullptr, nullptr, callSilence,
                                  &process.reportSilence);
  napi_unref_threadsafe_function(env, process.settle);
  napi_unref_threadsafe_function(env, process.reportSilence);
  pthread_cond_init(&process.wake, nullptr);
  Operation *first = new Operation();
  napi_value promise = promiseOf(env, first);
  std::thread(communicate, first).detach();
  return promise;
}

/** sum(values: Float32Array, means: number): Promise. The first values become means over all processes, the others sums. */
napi_value Sum(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2, length = 0;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  Operation *operation = new Operation();
  operation->kind = Kind::sum;
  operation->send = keep(env, operation, 0, arguments[0], &length);
  operation->count = static_cast<int>(length);
  napi_get_value_int32(env, arguments[1], &operation->means);
  return enqueue(env, operation);
}

/** gather(own: Uint8Array, all: Uint8Array, everywhere: boolean): Promise. `all` is filled on every process, or on rank 0 alone. */
napi_value Gather(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  size_t count = 3, length = 0, total = 0;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  Operation *operation = new Operation();
  operation->kind = Kind::gather;
  operation->send = keep(env, operation, 0, arguments[0], &length);
  operation->receive = keep(env, operation, 1, arguments[1], &total);
  operation->count = static_cast<int>(length);
  napi_get_value_bool(env, arguments[2], &operation->all);
  return enqueue(env, operation);
}

/** finish(): Promise. Waits for all processes, and ends the use of MPI. */
napi_value Finish(napi_env env, napi_callback_info) {
  Operation *operation = new Operation();
  operation->kind = Kind::finish;
  return enqueue(env, operation);
}

/** abort(code): makes the thread end all processes soon, with this exit code. */
napi_value Abort(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  int code = 1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &code);
  pthread_mutex_lock(&process.mutex);
  process.abortCode = code;
  pthread_mutex_unlock(&process.mutex);
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {{"open", Open}, {"sum", Sum}, {"gather", Gather}, {"finish", Finish}, {"abort", Abort}};
  for (const auto &function : functions) {
    napi_value value;
    napi_create_function(env, function.name, NAPI_AUTO_LENGTH, function.call, nullptr, &value);
    napi_set_named_property(env, exports, function.name, value);
  }
  return exports;
}

}  // namespace

NAPI_MODULE(mpi, Init)
