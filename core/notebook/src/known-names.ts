// Names that mean something special: namespaces shared by distributions, modules of platforms, names that people
// give to their own files, and what became of modules that left the standard library.

/** Modules that are distributions of their own inside a package shared by several; deeper than one name is kept. */
export const NAMESPACES = new Set([
  "google",
  "google.cloud",
  "azure",
  "azure.ai",
  "azure.mgmt",
  "azure.storage",
  "azure.keyvault",
  "azure.cognitiveservices",
  "azure.data",
  "azure.kusto",
  "azure.monitor",
  "azure.search",
  "azureml",
  "azureml.contrib",
  "azureml.train",
  "azureml.pipeline",
  "azureml.automl",
  "databricks",
  "snowflake",
  "zope",
  "ruamel",
  "paste",
  "repoze",
  "plone",
  "jaraco",
  "backports",
  "oslo",
  "sphinxcontrib",
  "scikits",
  "xstatic",
  "autogluon",
  "pyannote",
  "llama_index",
  "llama_index.llms",
  "llama_index.embeddings",
  "llama_index.readers",
  "llama_index.vector_stores",
  "llama_index.multi_modal_llms",
  "opentelemetry",
  "nvidia",
  "interpret",
  "dwave",
  "odc",
  "ligo",
  "ufal",
  "pulumi",
  "airflow.providers",
]);

/** Modules that only a platform has: no index serves them. */
export const PLATFORM_MODULES: ReadonlyMap<string, string> = new Map([
  ["google.colab", "colab"],
  ["google.colabsqlviz", "colab"],
  ["kaggle_secrets", "kaggle"],
  ["kaggle_datasets", "kaggle"],
  ["kaggle_web_client", "kaggle"],
  ["kaggle_gcp", "kaggle"],
  ["learntools", "kaggle"],
  ["js", "pyodide"],
  ["pyodide", "pyodide"],
  ["pyodide_js", "pyodide"],
  ["pyodide_http", "pyodide"],
  ["piplite", "pyodide"],
  ["micropip", "pyodide"],
  ["pyolite", "pyodide"],
  ["_pyodide_core", "pyodide"],
  ["pyscript", "pyodide"],
  ["dbutils", "databricks"],
  ["dbruntime", "databricks"],
  ["notebookutils", "fabric"],
  ["mssparkutils", "fabric"],
  ["trident", "fabric"],
  ["sage.all", "sage"],
  ["sage", "sage"],
  ["arcpy", "arcgis"],
  ["hou", "houdini"],
  ["maya", "maya"],
  ["unreal", "unreal"],
  ["clrmagic", "pythonnet"],
  ["machine", "micropython"],
  ["micropython", "micropython"],
  ["pyb", "micropython"],
  ["quantopian", "quantopian"],
  ["QuantConnect", "quantconnect"],
]);

/** Modules of software that no index serves under that meaning. */
export const UNRESOLVABLE = new Set(
  `BeautifulSoup autogen cv caffe caffe_pb2 ROOT cv2.cv graph_tool fenics dolfin firedrake FreeCAD salome gdb lldb uno pyplot pymol.cmd apex
   detectron2 en_core_web_sm en_core_web_md en_core_web_lg en_core_web_trf en_core_sci_sm de_core_news_sm
   fr_core_news_sm es_core_news_sm zh_core_web_sm xx_ent_wiki_sm rospy rosbag rclpy tf2_ros geometry_msgs sensor_msgs
   std_msgs psi4 pyrosetta caiman graphlab microsoftml pcl bpy hoomd`
    .trim()
    .split(/\s+/),
);

/** Names that people give to their own files; what the index serves under them is somebody else's. */
export const GENERIC_NAMES = new Set(
  `utils util utilities helper helpers common config configs configuration settings constants data dataset dataloader data_loader
   model models train training test tests testing main run runner tools tool lib libs src core base api app application
   plot plots plotting plotter figures figure viz visualize visualization visualisation analysis analyze preprocess
   preprocessing preprocessor features feature metrics metric evaluation eval loss losses layers layer network networks nets
   functions function func funcs module modules mymodule my_module mylib mypackage my_package package example examples demo sample
   script scripts solution solutions exercise exercises simulation simulate simulator game agent agents env envs environment
   environments memory buffer replay_buffer policy policies trainer tokenizer vocab vocabulary parser reader writer loader
   loaders input_data cifar10 mnist download downloader file files io_utils utils_data data_utils plot_utils
   transform_util transforms query queries db database client server service services secret secrets credentials keys
   options params parameters args arguments logger log logs process processing pipeline pipelines graph graphs tree trees
   node nodes math_utils stats statistics_utils checker checks check hello hello_world foo bar baz spam eggs
   workflow workflows task tasks jobs job notebook_utils nb_utils shared misc stuff temp tmp code examples_utils
   prompts prompt evals vectordb tools_utils student students support setup spinner display images image video audio
   text words rules rule state states board player players card cards deck bank account shapes shape vectors vector_math`
    .trim()
    .split(/\s+/),
);

/** `module distribution…` of what left the standard library, and who carries it on. */
export const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  ["distutils", "setuptools"],
  ["cgi", "legacy-cgi"],
  ["cgitb", "legacy-cgi"],
  ["imp", "zombie-imp"],
  ["asyncore", "pyasyncore"],
  ["asynchat", "pyasynchat"],
  ["lib2to3", "fissix"],
  ["crypt", "legacycrypt"],
  ["audioop", "audioop-lts"],
  ["chunk", "standard-chunk"],
  ["aifc", "standard-aifc"],
  ["imghdr", "standard-imghdr"],
  ["sndhdr", "standard-sndhdr"],
  ["sunau", "standard-sunau"],
  ["telnetlib", "standard-telnetlib"],
  ["uu", "standard-uu"],
  ["xdrlib", "standard-xdrlib"],
  ["mailcap", "standard-mailcap"],
  ["nntplib", "standard-nntplib"],
  ["pipes", "standard-pipes"],
]);

/** Packages that only work with special hardware or drivers; where a notebook tries them, something else stands in. */
export const ONLY_WITH_HARDWARE = new Set(
  `cupy cupyx cudf cuml cugraph cuspatial cuxfilter rmm dask_cudf dask_cuda pycuda tensorrt torch_tensorrt torch_xla
   torch_npu torch_neuron torch_neuronx jetson RPi smbus spidev picamera picamera2 apex flash_attn xformers bitsandbytes
   nvidia pynvml py3nvml intel_extension_for_pytorch sklearnex daal4py mlx pyaudio`
    .trim()
    .split(/\s+/),
);

/** Modules that packages no longer have: what is imported where they fail is needed as well. */
export const MOVED: readonly string[] = [
  "sklearn.externals",
  "sklearn.cross_validation",
  "scipy.misc",
  "scipy.weave",
  "tensorflow.contrib",
  "tensorflow.examples",
  "tensorflow.python.keras",
  "keras.utils.np_utils",
  "keras.layers.merge",
  "pandas.io.data",
  "pandas.io.wb",
  "pandas.tools",
  "IPython.html",
  "IPython.parallel",
  "IPython.nbformat",
  "IPython.nbconvert",
  "IPython.kernel",
  "IPython.qt",
  "IPython.utils.traitlets",
  "matplotlib.finance",
  "mpl_toolkits.basemap",
  "django.utils.six",
  "networkx.readwrite.json_graph",
  "langchain.chat_models",
  "langchain.llms",
  "langchain.embeddings",
  "langchain.vectorstores",
  "langchain.document_loaders",
  "moviepy.editor",
];
